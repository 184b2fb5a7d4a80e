// SPDX-License-Identifier: Apache-2.0
// Amazon Data Firehose's envelope around events (its "HTTP endpoint delivery" requests): turned
// into the batch that the same events would have been, which is what the journal keeps. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"

namespace skep::honeycomb {

struct KinesisRequest {
  std::string request_id;  // the same when Firehose tries again
  Bytes batch;  // JSON: [{"time":…,"data":{…}},…]; data null for a record that is no event
};

// A record is base64 of one JSON object or of several in a row, perhaps gzipped. kInvalidArgument.
Result<KinesisRequest> ReadKinesis(std::string_view body, const Limits& limits);

}  // namespace skep::honeycomb
