// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_time.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "base/clock.h"
#include "model/canonical.h"

namespace skep::honeycomb {

std::string ApiTime(int64_t time_ns) {
  const std::string time = FormatTime(time_ns);
  return time.substr(0, time.find('.')) + "Z";
}

// Without strftime, whose names are the locale's.
std::string HttpDate(int64_t time_ns) {
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                            "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = time_ns / kNsPerS;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                    kDays[static_cast<size_t>(parts.tm_wday)].data(), parts.tm_mday,
                    kMonths[static_cast<size_t>(parts.tm_mon)].data(), parts.tm_year + 1900,
                    parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<size_t>(size)};
}

}  // namespace skep::honeycomb
