// SPDX-License-Identifier: Apache-2.0
// Grouping: which item an occurrence belongs to, and what that item is called. The default follows
// what Rollbar documents (https://docs.rollbar.com/docs/grouping-algorithm): files and functions of
// the frames and the exception's class, not its message and no line numbers; a message without its
// numbers and ids. Where Rollbar does not say, more groups rather than fewer, because merging can
// be undone. Pure: the same occurrence always has the same group.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "errors/occurrence.h"

namespace skep {

// Goes up when the default fingerprint changes; items keep the version that they were made with.
inline constexpr int64_t kGroupingVersion = 1;

struct Grouping {
  std::string fingerprint;  // at most 40 characters
  std::string title;        // at most 255 bytes of UTF-8
  uint64_t item = 0;        // of project, environment and fingerprint; never 0
};

Grouping GroupOf(const ErrorOccurrence& occurrence);

// The parts of it, for those who explain or test.
std::string FingerprintOf(const ErrorOccurrence& occurrence);
std::string TitleOf(const ErrorOccurrence& occurrence);
uint64_t ItemIdOf(std::string_view project, std::string_view environment,
                  std::string_view fingerprint);

// The frame that people want to see first: the last one of the program's own code, else the last;
// nullptr without frames.
const ErrorFrame* MainFrame(const ErrorOccurrence& occurrence);

}  // namespace skep
