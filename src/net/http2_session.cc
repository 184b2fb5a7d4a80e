// SPDX-License-Identifier: Apache-2.0
#include "net/http2_session.h"

#include <array>
#include <string_view>

#include "base/check.h"
#include "net/http2_connection.h"

namespace skep::net {
namespace {

constexpr uint32_t kStreamWindow = 4u << 20;
constexpr int32_t kConnectionWindow = 64 << 20;
constexpr uint32_t kFrameBytesMax = 256u << 10;
// A client that asks for more acknowledgements than it reads, or opens streams only to reset them
// (CVE-2023-44487), loses its connection.
constexpr size_t kAcksWaitingMax = 1000;
constexpr uint64_t kResetsAtOnceMax = 1000;
constexpr uint64_t kResetsPerSecond = 100;

Http2Connection* Self(void* user_data) { return static_cast<Http2Connection*>(user_data); }

std::string_view View(const uint8_t* text, size_t size) {
  return {reinterpret_cast<const char*>(text), size};
}

int OnBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
  const bool request =
      frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
  return request ? Self(user_data)->OnBeginHeaders(frame->hd.stream_id) : 0;
}

int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
             const uint8_t* value, size_t value_size, uint8_t, void* user_data) {
  if (Http2Exchange* const exchange = Self(user_data)->Find(frame->hd.stream_id))
    Self(user_data)->OnHeader(exchange, View(name, name_size), View(value, value_size));
  return 0;
}

int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
  Http2Exchange* const exchange = Self(user_data)->Find(frame->hd.stream_id);
  if (exchange == nullptr) return 0;
  const bool ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (frame->hd.type == NGHTTP2_HEADERS) {
    Self(user_data)->OnHeadersComplete(exchange, ended);
  } else if (frame->hd.type == NGHTTP2_DATA && ended) {
    Self(user_data)->OnBodyComplete(exchange);
  }
  return 0;
}

int OnData(nghttp2_session*, uint8_t, int32_t stream_id, const uint8_t* data, size_t size,
           void* user_data) {
  if (Http2Exchange* const exchange = Self(user_data)->Find(stream_id))
    Self(user_data)->OnData(exchange, View(data, size));
  return 0;
}

int OnStreamClosed(nghttp2_session*, int32_t stream_id, uint32_t, void* user_data) {
  Self(user_data)->OnStreamClosed(stream_id);
  return 0;
}

int OnFrameSent(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
  if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
  if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
  if (Http2Exchange* const exchange = Self(user_data)->Find(frame->hd.stream_id))
    Self(user_data)->OnAnswerSent(exchange);
  return 0;
}

}  // namespace

nghttp2_session* NewHttp2Session(Http2Connection* connection, size_t header_bytes_max) {
  nghttp2_session_callbacks* callbacks = nullptr;
  SKEP_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, OnBeginHeaders);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnStreamClosed);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, OnFrameSent);
  nghttp2_option* option = nullptr;
  SKEP_CHECK(nghttp2_option_new(&option) == 0);
  nghttp2_option_set_no_closed_streams(option, 1);  // kept only for priorities, which are not used
  nghttp2_option_set_max_outbound_ack(option, kAcksWaitingMax);
  nghttp2_option_set_stream_reset_rate_limit(option, kResetsAtOnceMax, kResetsPerSecond);
  nghttp2_session* session = nullptr;
  SKEP_CHECK(nghttp2_session_server_new2(&session, callbacks, connection, option) == 0);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const std::array<nghttp2_settings_entry, 4> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kHttp2StreamsMax},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, kFrameBytesMax},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<uint32_t>(header_bytes_max)},
  }};
  SKEP_CHECK(
      nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) == 0);
  SKEP_CHECK(
      nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kConnectionWindow) == 0);
  return session;
}

}  // namespace skep::net
