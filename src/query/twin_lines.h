// SPDX-License-Identifier: Apache-2.0
// Twin lines: one log line that came through two doors, by OTLP and by CloudWatch. They say the
// same text within a few milliseconds; where an app carries its ids in the text, the other line's
// text follows OTLP's with only the ids behind it. Pure.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "query/event_row.h"

namespace skep {

// Pairs of indexes into `rows`: the line to show, and its twin. No row is in two pairs.
std::vector<std::pair<size_t, size_t>> FindTwinLines(const std::vector<EventRow>& rows);

}  // namespace skep
