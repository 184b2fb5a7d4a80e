// SPDX-License-Identifier: Apache-2.0
// PutLogEvents, the one operation that gives to the sink: takes the events that are neither too old
// nor too new, and answers when they are on disk. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "doors/cloudwatch/door.h"
#include "net/http.h"

namespace skep::cloudwatch {

void PutLogEvents(const Parts& parts, net::Request request, net::Responder responder);

// A sequence token: digits as AWS's have them, another one for each answer. Nothing depends on it,
// but clients that send it back show by it that they send the same batch again.
std::string SequenceToken(int64_t time_ns, uint64_t salt);
bool IsSequenceToken(std::string_view token);

}  // namespace skep::cloudwatch
