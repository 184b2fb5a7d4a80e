// SPDX-License-Identifier: Apache-2.0
#include "net/test_http2_client.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace skep::net {
namespace {

nghttp2_nv Pair(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

uint32_t BigEndian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string BigEndian(uint32_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out.push_back(static_cast<char>(value >> (8 * bytes)));
  return out;
}

}  // namespace

Http2TestClient::Http2TestClient(uint16_t port, uint32_t window) : client_(port) {
  nghttp2_session_callbacks* callbacks = nullptr;
  SKEP_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
  SKEP_CHECK(nghttp2_session_client_new(&session_, callbacks, this) == 0);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry setting = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window};
  SKEP_CHECK(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &setting, 1) == 0);
}

Http2TestClient::~Http2TestClient() { nghttp2_session_del(session_); }

int32_t Http2TestClient::Begin(const std::string& method, const std::string& path,
                               const Headers& headers, std::string body, bool whole) {
  std::vector<nghttp2_nv> pairs = {Pair(":method", method), Pair(":scheme", "http"),
                                   Pair(":authority", "test"), Pair(":path", path)};
  for (const auto& [name, value] : headers) pairs.push_back(Pair(name, value));
  auto stream = std::make_unique<Stream>();
  stream->body = std::move(body);
  stream->last = whole;
  nghttp2_data_provider provider = {};
  provider.source.ptr = stream.get();
  provider.read_callback = ReadBody;
  const bool with_body = !whole || !stream->body.empty();
  const int32_t id = nghttp2_submit_request(session_, nullptr, pairs.data(), pairs.size(),
                                            with_body ? &provider : nullptr, nullptr);
  SKEP_CHECK(id > 0);
  streams_[id] = std::move(stream);
  Send();
  return id;
}

void Http2TestClient::More(int32_t stream, std::string_view body, bool last) {
  streams_.at(stream)->body.append(body);
  streams_.at(stream)->last = last;
  nghttp2_session_resume_data(session_, stream);
  Send();
}

void Http2TestClient::Reset(int32_t stream) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
  Send();
}

void Http2TestClient::Ping() {
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
  Send();
}

void Http2TestClient::Send() {
  // All at once: the server must not find the connection idle between the preface and a request.
  std::string all;
  for (;;) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    SKEP_CHECK(size >= 0);
    if (size == 0) break;
    all.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
  client_.Send(all);
}

bool Http2TestClient::Turn() {
  Send();
  const std::string bytes = client_.ReadSome();
  if (bytes.empty()) return false;
  const ssize_t used = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  SKEP_CHECK(used == static_cast<ssize_t>(bytes.size()));  // else the server broke the protocol
  Send();
  return true;
}

const Http2Answer& Http2TestClient::Wait(int32_t stream) {
  const Http2Answer& answer = streams_.at(stream)->answer;
  while (!answer.closed && Turn()) {
  }
  return answer;
}

ssize_t Http2TestClient::ReadBody(nghttp2_session*, int32_t, uint8_t* out, size_t room,
                                  uint32_t* flags, nghttp2_data_source* source, void*) {
  auto* const stream = static_cast<Stream*>(source->ptr);
  const size_t size = std::min(room, stream->body.size() - stream->sent);
  if (size == 0 && !stream->last) return NGHTTP2_ERR_DEFERRED;
  std::memcpy(out, stream->body.data() + stream->sent, size);
  stream->sent += size;
  if (stream->last && stream->sent == stream->body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(size);
}

int Http2TestClient::OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                              size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                              void* user) {
  Stream& stream = *static_cast<Http2TestClient*>(user)->streams_.at(frame->hd.stream_id);
  Http2Answer& answer = stream.answer;
  const std::string key(reinterpret_cast<const char*>(name), name_size);
  const std::string text(reinterpret_cast<const char*>(value), value_size);
  if (key == ":status") {
    if (answer.status / 100 == 1) answer.informational = answer.status;
    answer.status = std::atoi(text.c_str());
  } else {
    (stream.has_head ? answer.trailers : answer.headers)[key] = text;
  }
  return 0;
}

int Http2TestClient::OnData(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data,
                            size_t size, void* user) {
  static_cast<Http2TestClient*>(user)->streams_.at(stream)->answer.body.append(
      reinterpret_cast<const char*>(data), size);
  return 0;
}

int Http2TestClient::OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  auto* const self = static_cast<Http2TestClient*>(user);
  if (frame->hd.type == NGHTTP2_GOAWAY) self->gone_away_ = true;
  if (frame->hd.type == NGHTTP2_PING) ++self->pongs_;
  if (frame->hd.type == NGHTTP2_HEADERS) {
    Stream& stream = *self->streams_.at(frame->hd.stream_id);
    stream.has_head = stream.answer.status / 100 != 1;
  }
  return 0;
}

int Http2TestClient::OnClose(nghttp2_session*, int32_t stream, uint32_t code, void* user) {
  Http2Answer& answer = static_cast<Http2TestClient*>(user)->streams_.at(stream)->answer;
  answer.closed = true;
  if (code != NGHTTP2_NO_ERROR) answer.reset = code;
  return 0;
}

std::string GrpcMessage(std::string_view message, bool compressed) {
  return std::string(1, compressed ? '\1' : '\0') +
         BigEndian(static_cast<uint32_t>(message.size()), 4) + std::string(message);
}

std::string Http2Frame(int type, int flags, uint32_t stream, std::string_view payload) {
  return BigEndian(static_cast<uint32_t>(payload.size()), 3) + static_cast<char>(type) +
         static_cast<char>(flags) + BigEndian(stream, 4) + std::string(payload);
}

std::string Http2Field(std::string_view name, std::string_view value) {
  SKEP_CHECK(name.size() < 127 && value.size() < 127);
  return std::string(1, '\0') + static_cast<char>(name.size()) + std::string(name) +
         static_cast<char>(value.size()) + std::string(value);
}

std::string Http2PostFields(std::string_view path) {
  return Http2Field(":method", "POST") + Http2Field(":scheme", "http") + Http2Field(":path", path) +
         Http2Field(":authority", "test");
}

std::vector<Http2SaidFrame> TakeHttp2Apart(std::string_view bytes) {
  constexpr size_t kHead = 9;
  std::vector<Http2SaidFrame> frames;
  while (bytes.size() >= kHead) {
    const size_t size = BigEndian(bytes.substr(0, 3));
    Http2SaidFrame& frame = frames.emplace_back();
    frame.type = static_cast<unsigned char>(bytes[3]);
    frame.flags = static_cast<unsigned char>(bytes[4]);
    frame.stream = BigEndian(bytes.substr(5, 4));
    frame.payload = bytes.substr(kHead, size);
    bytes.remove_prefix(std::min(bytes.size(), kHead + size));
  }
  return frames;
}

std::optional<uint32_t> GoAwayCode(std::string_view bytes) {
  for (const Http2SaidFrame& frame : TakeHttp2Apart(bytes))
    if (frame.type == NGHTTP2_GOAWAY)
      return BigEndian(std::string_view(frame.payload).substr(4, 4));
  return std::nullopt;
}

}  // namespace skep::net
