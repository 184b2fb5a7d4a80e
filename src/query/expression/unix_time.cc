// SPDX-License-Identifier: Apache-2.0
#include "query/expression/unix_time.h"

#include <time.h>

#include <charconv>
#include <cstdint>

#include "base/check.h"
#include "query/expression/regex.h"

namespace skep {
namespace {

int Digits(std::string_view text, size_t at, size_t count) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + count, number);
  return number;
}

const ExpressionRegex& Pattern() {
  static const ExpressionRegex pattern = [] {
    auto made = ExpressionRegex::Create(kUnixTimePattern);
    SKEP_CHECK(made.has_value());
    return std::move(*made);
  }();
  return pattern;
}

}  // namespace

std::optional<double> UnixTime(std::string_view text) {
  if (!Pattern().Matches(text)) return std::nullopt;
  tm time{};
  time.tm_year = Digits(text, 0, 4) - 1900;
  time.tm_mon = Digits(text, 5, 2) - 1;
  time.tm_mday = Digits(text, 8, 2);
  time.tm_hour = Digits(text, 11, 2);
  time.tm_min = Digits(text, 14, 2);
  time.tm_sec = Digits(text, 17, 2);
  const int day = time.tm_mday;
  int64_t ns = timegm(&time) * 1'000'000'000;
  if (time.tm_mday != day) return std::nullopt;  // the 30th of February has become a day of March

  size_t at = 19;
  if (text[at] == '.') {
    int64_t unit = 100'000'000;
    for (++at; text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) ns += (text[at] - '0') * unit;
  }
  if (text[at] != 'Z') {
    const int64_t minutes = Digits(text, at + 1, 2) * 60 + Digits(text, at + 4, 2);
    ns += (text[at] == '-' ? minutes : -minutes) * 60'000'000'000;
  }
  return static_cast<double>(ns) / 1e9;
}

}  // namespace skep
