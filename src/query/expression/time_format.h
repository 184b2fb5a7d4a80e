// SPDX-License-Identifier: Apache-2.0
// TimeFormat: the format of FORMAT_TIME, POSIX strftime's, as pieces that the engine's
// formatDateTime knows or that are computed. UTC, English names; without the E and O modifiers, as
// in Honeycomb. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace skep {

struct TimePiece {
  enum class Kind : uint8_t {
    kEngine,      // text: a format for formatDateTime, with MySQL's letters
    kEpoch,       // %s
    kDay,         // %e: 1-31, padded with a space
    kHour,        // %k: 0-23, padded with a space
    kHour12,      // %l: 1-12, padded with a space
    kMeridiem,    // %P: am, pm
    kWeekSunday,  // %U
    kWeekMonday,  // %W
  };
  Kind kind = Kind::kEngine;
  std::string text;
};

struct TimeFormat {
  std::vector<TimePiece> pieces;
};

// kInvalidArgument when a letter is unknown.
Result<TimeFormat> ParseTimeFormat(std::string_view format);

// Seconds between the years 0 and 9999, both whole; others are taken to the nearer end.
int64_t ClampTime(int64_t seconds);
std::string FormatTime(const TimeFormat& format, int64_t seconds);

}  // namespace skep
