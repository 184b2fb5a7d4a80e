// SPDX-License-Identifier: Apache-2.0
// Places of events as the API spells them: decimal digits as AWS's event ids have them, the time in
// milliseconds above 144 bits, so that they sort by time; and the page tokens made of them. Pure;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/log_events.h"

namespace skep::cloudwatch {

// 56 digits, until the year 2111.
std::string EventIdDigits(const LogEventPosition& position);
std::optional<LogEventPosition> ParseEventIdDigits(std::string_view digits);

// A place between two events, and which way reading goes on from there: `f/DIGITS/s` behind the
// event, `b/DIGITS/s` before it.
struct PageToken {
  bool forward = true;
  LogEventPosition position;
};
std::string FormatPageToken(const PageToken& token);
std::optional<PageToken> ParsePageToken(std::string_view text);

// The neighbours of a place, whether there are events or not.
LogEventPosition NextPosition(const LogEventPosition& position);
LogEventPosition PreviousPosition(const LogEventPosition& position);

}  // namespace skep::cloudwatch
