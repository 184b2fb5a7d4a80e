// SPDX-License-Identifier: Apache-2.0
// Http1Connection: HTTP/1.1 with keep-alive. One request at a time is taken from the bytes, so
// pipelined ones are answered in order. A body goes from the socket straight into the request;
// while a handler works one read waits, to see the client leave.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/chunked_decoder.h"
#include "net/connection.h"
#include "net/http1_head.h"

namespace skep::net {

class Http1Connection final : public Connection {
 public:
  explicit Http1Connection(ConnectionParts parts);
  void Start(std::string_view first_bytes) override;
  void Reply(uint64_t exchange, Response response) override;
  void Tick(int64_t now_ns) override;
  void Resume() override;
  void Drain() override;

 private:
  enum class Phase {
    kHead,         // between requests, or amid a head
    kWaitForRoom,  // the memory budget has none for the body
    kContinuing,   // 100 Continue is on its way
    kLengthBody,
    kChunkedBody,
    kHandling,
    kWriting,
    kLingering,  // an answer went out before its request was read; what still comes is thrown away
  };

  void CancelExchanges() override;

  // Does what the bytes at hand allow; then waits for more bytes or for an answer.
  void Advance();
  bool AdvanceHead();
  bool AdvanceLengthBody();
  bool AdvanceChunkedBody();
  bool BeginRequest(std::string_view block);
  bool BeginBody();
  bool SendContinue();
  bool FinishBody();

  // Appends to the body; false after an answer for its being too large.
  bool TakeBody(std::string_view bytes);
  // Room for up to `wanted` bytes at the body's end.
  void ReserveBody(uint64_t wanted);
  void ReadInput();
  void ReadBody(uint64_t wanted);
  void OnInput(const error_code& error, size_t size);
  void OnBody(const error_code& error, size_t size);
  void OnEnd();
  bool TakeCharge(size_t size);

  void RefuseRequest(const Error& error);
  void RefuseBytes(int status, std::string_view message);
  // Answers and then closes, because where the next request begins is not known.
  void AnswerAndLinger(Response response);
  void Write(Response response);
  void ContinueWriting();
  void OnWritten();
  void Linger();
  void SetDeadline(int64_t timeout_ms);

  std::string_view input() const {
    return {input_.get() + input_begin_, input_end_ - input_begin_};
  }
  void MakeInputRoom();

  Phase phase_ = Phase::kHead;
  int64_t deadline_ns_ = 0;  // 0: none

  std::unique_ptr<char[]> input_;
  size_t input_capacity_ = 0;
  size_t input_begin_ = 0;
  size_t input_end_ = 0;
  size_t head_searched_ = 0;
  bool head_started_ = false;
  bool reading_ = false;
  bool input_ended_ = false;

  bool expects_continue_ = false;
  bool chunked_ = false;
  bool http10_ = false;
  Request request_;
  Bytes abandoned_body_;  // a read into it may still run
  const Route* route_ = nullptr;
  Compression compression_ = Compression::kNone;
  std::shared_ptr<Charge> charge_;  // shared: with the job
  CancelToken cancel_;
  uint64_t exchange_ = 0;
  uint64_t body_left_ = 0;
  size_t body_progress_ = 0;
  ChunkedDecoder chunks_;

  bool close_after_ = false;
  bool linger_after_ = false;
  bool draining_ = false;
  std::string out_head_;
  Response out_;
  size_t written_ = 0;
  uint64_t lingered_ = 0;
};

}  // namespace skep::net
