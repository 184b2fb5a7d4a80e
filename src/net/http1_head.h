// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1.1 message (RFC 9112): a request's is read with Beast's parser and then held
// to the rules that keep two servers from seeing different requests in the same bytes
// (section 11.2); a response's is written. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace skep::net {

struct Http1Head {
  std::string method;
  std::string target;  // without scheme and host
  std::string path;
  std::string query;
  Headers headers;  // names in lower case
  bool http10 = false;
  bool keep_alive = false;
  bool chunked = false;
  bool expects_continue = false;
  uint64_t content_length = 0;
};

// The size of the head at the start of `bytes`, its empty line included; empty if that has not come
// yet. The search goes on at `*searched`, so that a head that comes byte by byte is not searched
// again and again.
std::optional<size_t> FindHeadEnd(std::string_view bytes, size_t* searched);

// `block` is a whole head. Errors: kInvalidArgument 400, kUnimplemented 505, kFailedPrecondition
// 417.
Result<Http1Head> ParseHttp1Head(std::string_view block);
int StatusOfHeadError(const Error& error);

struct ResponseFraming {
  size_t content_length = 0;
  bool http10 = false;
  bool close = false;
  std::string_view date;
};
std::string RenderHttp1Head(const Response& response, const ResponseFraming& framing);

// Whether a response of this status may have a body.
bool StatusHasBody(int status);

}  // namespace skep::net
