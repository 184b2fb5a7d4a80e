// SPDX-License-Identifier: Apache-2.0
// Replies of the Rollbar door: `{"err":0,"result":…}` and `{"err":1,"message":…}`, with the headers
// that Rollbar's clients look at. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace skep::rollbar {

struct ReplyContext {
  bool browser = false;  // has an Origin: the reply must let scripts of any site read it
  int64_t receive_time_ns = 0;
  int retry_after_s = 1;
};

net::Response ItemReply(const ReplyContext& context, std::string_view uuid);
// Of kResourceExhausted the rate headers tell the client how long to keep quiet.
net::Response ErrorReply(const ReplyContext& context, const Error& error);
net::Response TooLargeReply(const ReplyContext& context);

}  // namespace skep::rollbar
