// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/event_time.h"

#include <chrono>
#include <cmath>
#include <limits>

#include "base/ascii.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kSecondsMax = std::numeric_limits<int64_t>::max() / kNsPerSecond - 1;

// How many nanoseconds the unit has in which `number` is a time that a client can mean: seconds
// until the year 5138, and from there on the next smaller unit.
int64_t UnitOf(uint64_t number) {
  if (number < 100'000'000'000) return kNsPerSecond;
  if (number < 100'000'000'000'000) return 1'000'000;
  if (number < 100'000'000'000'000'000) return 1'000;
  return 1;
}

// Takes `count` digits off the front; false if there are fewer.
bool TakeDigits(std::string_view* text, size_t count, int* value) {
  if (text->size() < count) return false;
  *value = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigit((*text)[i])) return false;
    *value = *value * 10 + ((*text)[i] - '0');
  }
  text->remove_prefix(count);
  return true;
}

bool Take(std::string_view* text, std::string_view any_of) {
  if (text->empty() || any_of.find(text->front()) == std::string_view::npos) return false;
  text->remove_prefix(1);
  return true;
}

// `.25` as a part of `unit`; digits that are too fine are left out. False if the point has none.
bool TakeFraction(std::string_view* text, int64_t unit, int64_t* ns) {
  *ns = 0;
  if (!Take(text, ".")) return true;
  if (text->empty() || !IsDigit(text->front())) return false;
  while (!text->empty() && IsDigit(text->front())) {
    unit /= 10;
    *ns += unit * (text->front() - '0');
    text->remove_prefix(1);
  }
  return true;
}

// `Z`, an offset, or nothing, which is UTC.
bool TakeZone(std::string_view* text, int64_t* offset_seconds) {
  *offset_seconds = 0;
  if (text->empty() || Take(text, "Zz")) return true;
  const bool west = text->front() == '-';
  int hours = 0;
  int minutes = 0;
  if (!Take(text, "+-") || !TakeDigits(text, 2, &hours)) return false;
  Take(text, ":");
  if (!TakeDigits(text, 2, &minutes) || hours > 23 || minutes > 59) return false;
  *offset_seconds = (hours * 60 + minutes) * (west ? -60 : 60);
  return true;
}

std::optional<int64_t> ParseDate(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool date =
      TakeDigits(&text, 4, &year) && Take(&text, "-") && TakeDigits(&text, 2, &month) &&
      Take(&text, "-") && TakeDigits(&text, 2, &day) && Take(&text, "Tt ") &&
      TakeDigits(&text, 2, &hour) && Take(&text, ":") && TakeDigits(&text, 2, &minute) &&
      Take(&text, ":") && TakeDigits(&text, 2, &second);
  int64_t ns = 0;
  int64_t offset_seconds = 0;
  if (!date || !TakeFraction(&text, kNsPerSecond, &ns) || !TakeZone(&text, &offset_seconds) ||
      !text.empty())
    return std::nullopt;
  const std::chrono::year_month_day calendar{std::chrono::year(year),
                                             std::chrono::month(static_cast<unsigned>(month)),
                                             std::chrono::day(static_cast<unsigned>(day))};
  // A leap second is the second after it, as everywhere.
  if (!calendar.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const int64_t days = std::chrono::sys_days(calendar).time_since_epoch().count();
  const int64_t seconds = days * 86'400 + hour * 3'600 + minute * 60 + second - offset_seconds;
  if (seconds > kSecondsMax || seconds < -kSecondsMax) return std::nullopt;
  return seconds * kNsPerSecond + ns;
}

// A number written out, exactly.
std::optional<int64_t> ParseNumber(std::string_view text) {
  constexpr size_t kDigitsMax = 18;  // below 2^63
  uint64_t whole = 0;
  size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    if (digits >= kDigitsMax + 1) return std::nullopt;
    whole = whole * 10 + static_cast<uint64_t>(text[digits] - '0');
  }
  if (digits == 0 || whole > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    return std::nullopt;
  text.remove_prefix(digits);
  const int64_t unit = UnitOf(whole);
  int64_t fraction = 0;
  if (!TakeFraction(&text, unit, &fraction) || !text.empty()) return std::nullopt;
  const auto at = EventTimeOf(static_cast<int64_t>(whole));
  if (!at || *at > std::numeric_limits<int64_t>::max() - fraction) return std::nullopt;
  return *at + fraction;
}

}  // namespace

std::optional<int64_t> ParseEventTime(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.size() > 4 && text[4] == '-') return ParseDate(text);
  return ParseNumber(text);
}

std::optional<int64_t> EventTimeOf(int64_t number) {
  if (number < 0) return std::nullopt;
  const int64_t unit = UnitOf(static_cast<uint64_t>(number));
  if (number > std::numeric_limits<int64_t>::max() / unit) return std::nullopt;
  return number * unit;
}

std::optional<int64_t> EventTimeOf(double number) {
  constexpr double kMax = 9.2e18;
  if (!(number >= 0) || number > kMax) return std::nullopt;
  const auto unit = static_cast<double>(UnitOf(static_cast<uint64_t>(number)));
  const double us = std::round(number * (unit / 1000));
  if (us > kMax / 1000) return std::nullopt;
  return static_cast<int64_t>(us) * 1000;
}

}  // namespace skep::honeycomb
