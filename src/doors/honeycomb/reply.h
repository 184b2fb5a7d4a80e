// SPDX-License-Identifier: Apache-2.0
// Replies of the write paths: an empty one for an event, a status for each event of a batch, and
// `{"error":…}` in Honeycomb's own words. Pure; thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/http.h"

namespace skep::honeycomb {

struct ReplyContext {
  bool browser = false;  // has an Origin: the reply must let scripts of any site read it
  bool msgpack = false;  // the batch was MessagePack: so is the list of statuses
  int retry_after_s = 1;
};

net::Response EventReply(const ReplyContext& context);
// `[{"status":202},{"status":400,"error":…}]`, in the order of the events.
net::Response BatchReply(const ReplyContext& context, const std::vector<const char*>& problems);
// What Firehose expects, of a request that was taken or not.
net::Response KinesisReply(int status, std::string_view request_id, int64_t time_ms,
                           std::string_view error);
net::Response ErrorReply(const ReplyContext& context, const Error& error);

}  // namespace skep::honeycomb
