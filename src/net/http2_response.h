// SPDX-License-Identifier: Apache-2.0
// Hands the answer of an exchange to nghttp2: plain HTTP/2, or gRPC with its trailers. Used on the
// connection's thread.
#pragma once

#include <nghttp2/nghttp2.h>

#include <string_view>

#include "net/http2_exchange.h"

namespace skep::net {

// `exchange->response` is what to say. False when the stream is gone.
bool SubmitResponse(nghttp2_session* session, Http2Exchange* exchange, std::string_view date);

}  // namespace skep::net
