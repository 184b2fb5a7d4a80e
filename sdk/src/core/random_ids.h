// SPDX-License-Identifier: Apache-2.0
// New ids. A generator per thread (xoshiro256**, Blackman and Vigna), seeded by the operating
// system, anew after a fork. A trace id starts with the Unix time in seconds, so that the same id
// is one of X-Ray's; its other 96 bits are random, among them the last 56 that samplers decide by.
// Thread-safe.
#pragma once

#include <cstdint>

#include "skep/sdk/span_context.h"

namespace skep::sdk {

uint64_t RandomBits();
TraceId NewTraceId(int64_t unix_ns);
SpanId NewSpanId();

}  // namespace skep::sdk
