// SPDX-License-Identifier: Apache-2.0
// Makes an nghttp2 session that tells an Http2Connection what comes in, with our settings and
// defences.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>

namespace skep::net {

class Http2Connection;

inline constexpr uint32_t kHttp2StreamsMax = 128;

// Its settings frame waits to be sent. The caller owns it.
nghttp2_session* NewHttp2Session(Http2Connection* connection, size_t header_bytes_max);

}  // namespace skep::net
