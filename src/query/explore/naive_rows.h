// SPDX-License-Identifier: Apache-2.0
// For the property test: rows in memory, and what a name means in a row, written down once more and
// as plainly as can be, without SQL. Only tests use it.
#pragma once

#include <fmt/format.h>
#include <time.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/query_spec.h"
#include "model/record.h"
#include "query/explore/field_sql.h"
#include "query/expression/evaluate.h"
#include "query/expression/parse.h"
#include "query/expression/values.h"

namespace skep::naive {

struct Row {
  Door door = Door::kOtlp;
  Signal signal = Signal::kSpan;
  int64_t time_ns = 0;
  uint64_t duration_ns = 0;
  SpanKind kind = SpanKind::kNone;
  SpanStatus status = SpanStatus::kUnset;
  Severity severity = 0;
  uint32_t trace = 0;  // 0: none, as for the two below
  uint32_t span = 0;
  uint32_t parent = 0;
  std::string dataset;
  std::string name;
  std::string body;
  double sample_rate = 1;
  std::map<std::string, ExpressionValue, std::less<>> attributes;
};

template <size_t kSize>
Id<kSize> IdOf(uint32_t number) {
  Id<kSize> id;
  for (size_t i = 0; i < 4; ++i) id.bytes[kSize - 1 - i] = static_cast<uint8_t>(number >> (8 * i));
  return id;
}

inline std::string SignalText(Signal signal) {
  switch (signal) {
    case Signal::kSpan:
      return "span";
    case Signal::kSpanEvent:
      return "span_event";
    case Signal::kSpanLink:
      return "span_link";
    case Signal::kLog:
      return "log";
    case Signal::kError:
      return "error";
    default:
      return "event";
  }
}

inline ExpressionValue TextOrNull(std::string text) {
  return text.empty() ? ExpressionValue() : ExpressionValue(std::move(text));
}

inline std::string Timestamp(int64_t time_ns) {
  const time_t seconds = time_ns / 1'000'000'000;
  tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  return fmt::format("{}.{:09}Z", text, time_ns % 1'000'000'000);
}

inline std::optional<ExpressionValue> KnownValue(const Row& row, std::string_view name) {
  const auto id = [](uint32_t number, const std::string& hex) {
    return number == 0 ? ExpressionValue() : ExpressionValue(hex);
  };
  if (name == "timestamp") return Timestamp(row.time_ns);
  if (name == "service.name" || name == "dataset") return TextOrNull(row.dataset);
  if (name == "signal") return SignalText(row.signal);
  if (name == "sample_rate") return row.sample_rate;
  if (name == "name") return TextOrNull(row.name);
  if (name == "body") return TextOrNull(row.body);
  if (name == "trace.trace_id") return id(row.trace, IdOf<16>(row.trace).Hex());
  if (name == "trace.span_id") return id(row.span, IdOf<8>(row.span).Hex());
  if (name == "trace.parent_id") return id(row.parent, IdOf<8>(row.parent).Hex());
  if (name == "status_code") return static_cast<int64_t>(row.status);
  if (name == "error")
    return row.status == SpanStatus::kError ? ExpressionValue(true) : ExpressionValue();
  if (name == "severity")
    return row.severity == 0 ? ExpressionValue() : static_cast<int64_t>(row.severity);
  if (name == "duration_ms")
    return row.signal == Signal::kSpan ? ExpressionValue(static_cast<double>(row.duration_ns) / 1e6)
                                       : ExpressionValue();
  if (name == "span.kind") {
    if (row.kind == SpanKind::kNone) return ExpressionValue();
    return row.kind == SpanKind::kServer ? "server" : "internal";
  }
  if (name == "meta.signal_type") {
    const bool is_trace = row.signal == Signal::kSpan || row.signal == Signal::kSpanEvent ||
                          row.signal == Signal::kSpanLink;
    return is_trace ? "trace" : SignalText(row.signal);
  }
  if (name == "meta.annotation_type") {
    if (row.signal == Signal::kSpanEvent) return "span_event";
    return row.signal == Signal::kSpanLink ? ExpressionValue("link") : ExpressionValue();
  }
  if (name == "severity_text") {
    static constexpr const char* kNames[] = {"trace", "debug", "info", "warn", "error", "fatal"};
    if (row.severity == 0) return ExpressionValue();
    return kNames[(row.severity - 1) / 4];
  }
  return std::nullopt;
}

// A row of Honeycomb's door says these of itself, if it says anything.
inline bool MayBeAttribute(std::string_view name) {
  return name != "timestamp" && name != "service.name" && name != "dataset" && name != "signal" &&
         name != "sample_rate";
}

// The names of one query: its calculated fields go before everything.
class Names {
 public:
  explicit Names(const QuerySpec& spec) {
    for (const CalculatedField& field : spec.calculated_fields) {
      auto expression = ParseExpression(field.expression, nullptr);
      if (expression) defined_.emplace_back(field.name, std::move(*expression));
    }
  }

  // `defined`: how many of the calculated fields there are so far; a field may use those before it.
  ExpressionValue Value(const Row& row, std::string_view name, size_t defined = SIZE_MAX) const {
    for (size_t i = std::min(defined, defined_.size()); i > 0; --i) {
      if (defined_[i - 1].first == name)
        return Evaluate(defined_[i - 1].second, ExpressionOver(this, &row, i - 1));
    }
    const auto attribute = row.attributes.find(name);
    const bool has_attribute = attribute != row.attributes.end();
    if (const auto known = KnownValue(row, name)) {
      const bool own = has_attribute && row.door == Door::kHoneycomb && MayBeAttribute(name);
      return own ? attribute->second : *known;
    }
    return has_attribute ? attribute->second : ExpressionValue();
  }

  std::optional<std::string> Text(const Row& row, std::string_view name) const {
    const ExpressionValue value = Value(row, name);
    return IsNull(value) ? std::nullopt : std::optional(TextOf(value));
  }
  std::optional<double> Number(const Row& row, std::string_view name) const {
    if (name == "timestamp") return static_cast<double>(row.time_ns) / 1e9;
    const ExpressionValue value = Value(row, name);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
    const auto number = NumberIn(value);
    return number && std::isfinite(*number) ? number : std::nullopt;
  }
  std::optional<bool> Truth(const Row& row, std::string_view name) const {
    if (name == "timestamp") return row.time_ns != 0;
    const ExpressionValue value = Value(row, name);
    return IsNull(value) ? std::nullopt : std::optional(IsTrue(value));
  }

 private:
  class ExpressionOver : public ExpressionRow {
   public:
    ExpressionOver(const Names* names, const Row* row, size_t defined)
        : names_(names), row_(row), defined_(defined) {}
    ExpressionValue Column(std::string_view column) const override {
      return names_->Value(*row_, column, defined_);
    }
    int64_t EventTimeNs() const override { return row_->time_ns; }
    int64_t IngestTimeNs() const override { return 0; }  // not asked for

   private:
    const Names* names_;
    const Row* row_;
    size_t defined_;
  };

  std::vector<std::pair<std::string, Expression>> defined_;
};

}  // namespace skep::naive
