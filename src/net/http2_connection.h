// SPDX-License-Identifier: Apache-2.0
// Http2Connection: HTTP/2 (RFC 9113) and unary gRPC by nghttp2, which keeps the protocol's state;
// this class moves the bytes and turns streams into exchanges. Windows are large, so that bodies
// never wait for a round trip.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/connection.h"
#include "net/http2_exchange.h"

namespace skep::net {

class Http2Connection final : public Connection {
 public:
  explicit Http2Connection(ConnectionParts parts);
  ~Http2Connection() override;
  void Start(std::string_view first_bytes) override;
  void Reply(uint64_t exchange, Response response) override;
  void Tick(int64_t now_ns) override;
  void Resume() override;
  void Drain() override;

  // For nghttp2's callbacks.
  Http2Exchange* Find(int32_t stream_id);
  int OnBeginHeaders(int32_t stream_id);
  void OnHeader(Http2Exchange* exchange, std::string_view name, std::string_view value);
  void OnHeadersComplete(Http2Exchange* exchange, bool ended);
  void OnData(Http2Exchange* exchange, std::string_view data);
  void OnBodyComplete(Http2Exchange* exchange);
  void OnStreamClosed(int32_t stream_id);
  void OnAnswerSent(Http2Exchange* exchange);

 private:
  void CancelExchanges() override;

  void Read();
  void Receive(std::string_view bytes);
  // Writes what nghttp2 has to say; lingers when there is nothing more to say or hear.
  void Flush();
  void Linger();
  void Refuse(Http2Exchange* exchange, const Error& error);
  bool BeginRequest(Http2Exchange* exchange);
  bool ChooseEncoding(Http2Exchange* exchange);
  void SendContinue(const Http2Exchange& exchange);
  bool TakeData(Http2Exchange* exchange, std::string_view data);
  void Answer(Http2Exchange* exchange, Response response);
  void CheckDeadlines(Http2Exchange* exchange, int64_t now_ns);
  void CheckSending(Http2Exchange* exchange, int64_t now_ns);
  bool HasPartialBody() const;

  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, std::unique_ptr<Http2Exchange>> exchanges_;
  size_t handling_ = 0;  // jobs whose answers have not come back, of streams that are gone too

  std::unique_ptr<char[]> input_;
  size_t input_capacity_ = 0;
  bool reading_ = false;
  bool paused_ = false;
  std::string output_;
  size_t written_ = 0;
  bool writing_ = false;
  bool draining_ = false;
  bool lingering_ = false;
  int64_t linger_deadline_ns_ = 0;
  int64_t write_deadline_ns_ = 0;
  int64_t header_deadline_ns_ = 0;  // of a header block that has begun; 0: none
  int64_t idle_since_ns_ = 0;
};

}  // namespace skep::net
