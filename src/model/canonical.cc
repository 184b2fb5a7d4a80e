// SPDX-License-Identifier: Apache-2.0
#include "model/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/hex.h"

namespace skep {
namespace {

constexpr std::array<std::string_view, 11> kSignalNames = {
    "?",     "span",   "span_event", "span_link", "log",   "error",
    "event", "metric", "open_span",  "join",      "repeat"};
constexpr std::array<std::string_view, 6> kKindNames = {"none",   "internal", "server",
                                                        "client", "producer", "consumer"};
constexpr std::array<std::string_view, 3> kStatusNames = {"unset", "ok", "error"};

// As in JSON; bytes above 0x7F as they are.
void AppendQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\n') {
      out->append("\\n");
    } else if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) {
      out->append("\\u00");
      out->push_back(kHexDigits[static_cast<uint8_t>(c) >> 4]);
      out->push_back(kHexDigits[static_cast<uint8_t>(c) & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

void AppendFloat(double value, std::string* out) {
  const std::string text = std::isnan(value) ? "nan" : fmt::format("{}", value);
  out->append(text);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) out->append(".0");
}

void AppendValue(const Value& value, std::string* out) {
  switch (value.type()) {
    case ValueType::kInt64:
      out->append(std::to_string(value.int64()));
      break;
    case ValueType::kFloat64:
      AppendFloat(value.float64(), out);
      break;
    case ValueType::kBool:
      out->append(value.boolean() ? "true" : "false");
      break;
    case ValueType::kString:
      AppendQuoted(value.text(), out);
      break;
  }
}

void AppendText(std::string_view label, std::string_view text, std::string* out) {
  if (text.empty()) return;
  out->append("  ").append(label).append(" ");
  AppendQuoted(text, out);
  out->push_back('\n');
}

void AppendIds(const Record& record, std::string* out) {
  if (record.trace_id.empty() && record.span_id.empty() && record.parent_id.empty()) return;
  out->append(" ");
  if (!record.trace_id.empty()) out->append(" trace ").append(record.trace_id.Hex());
  if (!record.span_id.empty()) out->append(" span ").append(record.span_id.Hex());
  if (!record.parent_id.empty()) out->append(" parent ").append(record.parent_id.Hex());
  out->push_back('\n');
}

}  // namespace

void AppendCanonical(const RecordBatch& batch, const Record& record, std::string* out) {
  out->append(kSignalNames[static_cast<size_t>(record.signal)]).append(" ");
  AppendQuoted(record.name, out);
  out->append(" dataset=");
  AppendQuoted(record.dataset, out);
  if (record.kind != SpanKind::kNone)
    out->append(" kind=").append(kKindNames[static_cast<size_t>(record.kind)]);
  if (record.status != SpanStatus::kUnset)
    out->append(" status=").append(kStatusNames[static_cast<size_t>(record.status)]);
  out->append("\n  time ").append(FormatTime(record.time_ns));
  if (record.duration_ns != 0) *out += fmt::format(" duration {}", record.duration_ns);
  out->push_back('\n');
  AppendIds(record, out);
  if (record.severity != 0) *out += fmt::format("  severity {}\n", record.severity);
  if (record.sample_rate != 1) {
    out->append("  sample_rate ");
    AppendFloat(record.sample_rate, out);
    out->push_back('\n');
  }
  if (record.item != 0) *out += fmt::format("  item {:016x}\n", record.item);
  AppendText("body", record.body, out);
  AppendText("raw", record.raw, out);

  std::vector<std::pair<std::string_view, Value>> attributes;
  batch.ForEach(record, [&](std::string_view name, const Value& value) {
    attributes.emplace_back(name, value);
  });
  std::sort(attributes.begin(), attributes.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [name, value] : attributes) {
    out->append("  ").append(name).append(" = ");
    AppendValue(value, out);
    out->push_back('\n');
  }
}

std::string Canonical(const RecordBatch& batch) {
  std::string out;
  if (batch.rejected() != 0)
    out += fmt::format("rejected {}: {}\n", batch.rejected(), batch.reject_reason());
  for (const Record& record : batch.records()) AppendCanonical(batch, record, &out);
  return out;
}

std::string FormatTime(int64_t time_ns) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(sys_time<nanoseconds>(nanoseconds(time_ns)));
  const auto day = floor<days>(whole);
  const year_month_day date(day);
  const hh_mm_ss clock(whole - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     time_ns - whole.time_since_epoch().count() * kNsPerS);
}

namespace {

bool TakeNumber(std::string_view* text, size_t digits, char after, int64_t* number) {
  if (text->size() < digits + 1 || (*text)[digits] != after) return false;
  *number = 0;
  for (size_t i = 0; i < digits; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return false;
    *number = *number * 10 + (c - '0');
  }
  text->remove_prefix(digits + 1);
  return true;
}

}  // namespace

bool ParseTime(std::string_view text, int64_t* time_ns) {
  using namespace std::chrono;
  int64_t year_number = 0;
  int64_t month_number = 0;
  int64_t day_number = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t fraction = 0;
  const bool has_fraction = text.find('.') != std::string_view::npos;
  if (!TakeNumber(&text, 4, '-', &year_number) || !TakeNumber(&text, 2, '-', &month_number) ||
      !TakeNumber(&text, 2, 'T', &day_number) || !TakeNumber(&text, 2, ':', &hour) ||
      !TakeNumber(&text, 2, ':', &minute) ||
      !TakeNumber(&text, 2, has_fraction ? '.' : 'Z', &second))
    return false;
  if (has_fraction) {
    const size_t digits = text.size() - 1;
    if (text.empty() || digits < 1 || digits > 9 || !TakeNumber(&text, digits, 'Z', &fraction))
      return false;
    for (size_t i = digits; i < 9; ++i) fraction *= 10;
  }
  const year_month_day date(year(static_cast<int>(year_number)),
                            month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number)));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59 || !text.empty()) return false;
  if (year_number < 1970 || year_number > 2261) return false;
  const int64_t seconds_since =
      sys_days(date).time_since_epoch().count() * 86'400 + hour * 3600 + minute * 60 + second;
  *time_ns = seconds_since * kNsPerS + fraction;
  return true;
}

}  // namespace skep
