// SPDX-License-Identifier: Apache-2.0
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "load/client.h"
#include "load/socket.h"

namespace skep::load {
namespace {

constexpr int32_t kWindowBytes = 1 << 20;
constexpr double kRetryAfterS = 1;  // what a RetryInfo of this server says

class GrpcClient : public Client {
 public:
  explicit GrpcClient(const Target& target) : target_(target) {}
  ~GrpcClient() override { nghttp2_session_del(session_); }

  Reply Send(std::string_view body) override {
    if (!socket_.connected() && !Open()) return Broken();
    SetMessage(body);
    http_status_.clear();
    grpc_status_.clear();
    has_details_ = false;
    closed_ = false;
    if (!Submit()) return Broken();
    while (!closed_)
      if (!Exchange()) return Broken();
    Reply reply;
    reply.status = grpc_status_.empty() ? "http " + http_status_ : "grpc " + grpc_status_;
    reply.accepted = grpc_status_ == "0";
    reply.retry = grpc_status_ == "14" || (grpc_status_ == "8" && has_details_);
    reply.retry_after_s = reply.retry ? kRetryAfterS : 0;
    return reply;
  }

 private:
  Reply Broken() {
    socket_.Close();
    return {socket_.error().empty() ? "connection closed" : socket_.error(), false, true, 0.2};
  }

  void SetMessage(std::string_view body) {
    const auto size = static_cast<uint32_t>(body.size());
    message_.clear();
    message_.push_back(0);  // not compressed
    for (const int shift : {24, 16, 8, 0}) message_.push_back(static_cast<char>(size >> shift));
    message_.append(body);
    sent_ = 0;
  }

  bool Open() {
    nghttp2_session_del(session_);
    session_ = nullptr;
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(kWindowBytes)},
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
    return socket_.Connect(target_.host, target_.port);
  }

  static nghttp2_nv Field(std::string_view name, std::string_view value) {
    return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
            reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
            NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
  }

  bool Submit() {
    const nghttp2_nv fields[] = {Field(":method", "POST"),
                                 Field(":scheme", "http"),
                                 Field(":path", target_.path),
                                 Field(":authority", target_.host),
                                 Field("content-type", "application/grpc"),
                                 Field("te", "trailers"),
                                 Field("user-agent", "skep-load")};
    nghttp2_data_provider provider{};
    provider.source.ptr = this;
    provider.read_callback = ReadMessage;
    return nghttp2_submit_request(session_, nullptr, fields, std::size(fields), &provider, this) >
               0 &&
           Flush();
  }

  bool Flush() {
    constexpr size_t kWriteBytes = 128 << 10;
    for (;;) {
      const uint8_t* data = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &data);
      if (size < 0) return false;
      out_.append(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
      if (size != 0 && out_.size() < kWriteBytes) continue;
      const bool written = out_.empty() || socket_.Write(out_);
      out_.clear();
      if (!written || size == 0) return written;
    }
  }

  bool Exchange() {
    std::array<char, 16384> buffer;
    const size_t got = socket_.Read(buffer.data(), buffer.size());
    if (got == 0) return false;
    const auto* bytes = reinterpret_cast<const uint8_t*>(buffer.data());
    if (nghttp2_session_mem_recv(session_, bytes, got) < 0) return false;
    return Flush();
  }

  static ssize_t ReadMessage(nghttp2_session*, int32_t, uint8_t* buffer, size_t size,
                             uint32_t* flags, nghttp2_data_source* source, void*) {
    auto* self = static_cast<GrpcClient*>(source->ptr);
    const size_t part = std::min(size, self->message_.size() - self->sent_);
    std::memcpy(buffer, self->message_.data() + self->sent_, part);
    self->sent_ += part;
    if (self->sent_ == self->message_.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(part);
  }

  static int OnHeader(nghttp2_session*, const nghttp2_frame*, const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t, void* user) {
    auto* self = static_cast<GrpcClient*>(user);
    const std::string_view key(reinterpret_cast<const char*>(name), name_size);
    const std::string_view text(reinterpret_cast<const char*>(value), value_size);
    if (key == ":status") self->http_status_ = text;
    if (key == "grpc-status") self->grpc_status_ = text;
    if (key == "grpc-status-details-bin") self->has_details_ = true;
    return 0;
  }

  static int OnClose(nghttp2_session*, int32_t, uint32_t, void* user) {
    static_cast<GrpcClient*>(user)->closed_ = true;
    return 0;
  }

  const Target target_;
  Socket socket_;
  nghttp2_session* session_ = nullptr;
  std::string message_;
  size_t sent_ = 0;
  std::string out_;
  std::string http_status_;
  std::string grpc_status_;
  bool has_details_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Client> MakeGrpcClient(const Target& target) {
  return std::make_unique<GrpcClient>(target);
}

}  // namespace skep::load
