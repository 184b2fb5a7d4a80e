// SPDX-License-Identifier: Apache-2.0
// OccurrenceTime: when an item happened, in nanoseconds, from what the client says and when it
// arrived. Most clients say whole seconds, cut or rounded, and send at once: where the arrival
// agrees with such a second, the arrival is the better clock. Pure.
#pragma once

#include <cstdint>

namespace skep::rollbar {

// `timestamp` in seconds since 1970; of a size that only milliseconds, microseconds or nanoseconds
// have, in those. What no clock says (none, beyond 2262) becomes the time of arrival.
int64_t OccurrenceTime(int64_t timestamp, int64_t receive_time_ns);
int64_t OccurrenceTime(double timestamp, int64_t receive_time_ns);

}  // namespace skep::rollbar
