// SPDX-License-Identifier: Apache-2.0
#include "net/http1_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cstring>
#include <utility>

#include "base/clock.h"
#include "net/refusal.h"

namespace skep::net {
namespace {

constexpr size_t kInputBytes =
    8u << 10;  // what of a body comes with its head is copied once, so not large
constexpr size_t kChunkedInputBytes = 64u << 10;  // and larger for bodies in small chunks
constexpr size_t kDirectChunkMin = 4u << 10;  // chunks from here on are read straight into the body
constexpr size_t kFirstBodyReserve = 1u << 20;  // before a client has sent anything of its body
constexpr size_t kProgressBytes = 64u << 10;    // that must come within each body_timeout_ms
constexpr int64_t kLingerMs = 5'000;
constexpr uint64_t kLingerBytesMax = 64u << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Http1Connection::Http1Connection(ConnectionParts parts) : Connection(std::move(parts)) {}

void Http1Connection::Start(std::string_view first_bytes) {
  input_capacity_ = std::max(kInputBytes, first_bytes.size());
  input_.reset(new char[input_capacity_]);
  std::memcpy(input_.get(), first_bytes.data(), first_bytes.size());
  input_end_ = first_bytes.size();
  Advance();
}

void Http1Connection::SetDeadline(int64_t timeout_ms) {
  deadline_ns_ = MonotonicNs() + timeout_ms * kNsPerMs;
}

void Http1Connection::CancelExchanges() { cancel_.Cancel(); }

void Http1Connection::Advance() {
  bool again = true;
  while (again && !closed()) {
    switch (phase_) {
      case Phase::kHead:
        again = AdvanceHead();
        break;
      case Phase::kLengthBody:
        again = AdvanceLengthBody();
        break;
      case Phase::kChunkedBody:
        again = AdvanceChunkedBody();
        break;
      default:
        again = false;
    }
  }
}

bool Http1Connection::AdvanceHead() {
  while (input().starts_with(
      "\r\n")) {  // RFC 9112 section 2.2 lets empty lines stand before a request
    input_begin_ += 2;
    head_searched_ = 0;
  }
  if (input().empty()) {
    if (input_ended_ || draining_) {
      Close();
      return false;
    }
    if (!head_started_) SetDeadline(options().idle_timeout_ms);
    ReadInput();
    return false;
  }
  if (!head_started_) {
    head_started_ = true;
    SetDeadline(options().header_timeout_ms);
  }
  const std::optional<size_t> size = FindHeadEnd(input(), &head_searched_);
  if (size.value_or(input().size()) > options().header_bytes_max) {
    RefuseBytes(431, "the headers are too large\n");
    return false;
  }
  if (!size) {
    if (input_ended_) {
      Close();
    } else {
      ReadInput();
    }
    return false;
  }
  const std::string_view block = input().substr(0, *size);
  input_begin_ += *size;
  head_searched_ = 0;
  head_started_ = false;
  return BeginRequest(block);
}

bool Http1Connection::BeginRequest(std::string_view block) {
  request_ = Request();
  route_ = nullptr;
  auto head = ParseHttp1Head(block);
  if (!head) {
    RefuseBytes(StatusOfHeadError(head.error()), head.error().message + "\n");
    return false;
  }
  request_.method = std::move(head->method);
  request_.target = std::move(head->target);
  request_.path = std::move(head->path);
  request_.query = std::move(head->query);
  request_.headers = std::move(head->headers);
  request_.peer_address = peer_address();
  request_.receive_time_ns = WallClockNs();
  cancel_ = request_.cancel;
  route_ = router().Match(request_);
  close_after_ = !head->keep_alive;
  http10_ = head->http10;
  expects_continue_ = head->expects_continue;
  chunked_ = head->chunked;
  body_left_ = head->content_length;
  if (!chunked_ && body_left_ == 0) {
    charge_ = NewCharge();
    compression_ = Compression::kNone;
    return FinishBody();
  }
  if (body_left_ > route_->body_bytes_max) {
    RefuseRequest({Code::kOutOfRange, "the body is larger than this server takes"});
    return false;
  }
  const auto compression = ParseCompression(request_.Header("content-encoding"));
  if (!compression) {
    AnswerAndLinger(RefuseEncoding(route_, &request_));
    return false;
  }
  compression_ = *compression;
  return BeginBody();
}

bool Http1Connection::BeginBody() {
  charge_ = NewCharge();
  chunks_ = ChunkedDecoder();
  body_progress_ = 0;
  const bool waited = phase_ == Phase::kWaitForRoom;
  const bool has_room = io().core().budget->has_room();
  if (has_room || !waited) SetDeadline(options().body_timeout_ms);
  if (!has_room) {
    phase_ = Phase::kWaitForRoom;
    io().WaitForRoom(this);
    return false;
  }
  if (expects_continue_ && input().empty()) return SendContinue();
  phase_ = chunked_ ? Phase::kChunkedBody : Phase::kLengthBody;
  return true;
}

bool Http1Connection::SendContinue() {
  phase_ = Phase::kContinuing;
  expects_continue_ = false;
  stream().WriteSome(asio::buffer(kContinue.data(), kContinue.size()),
                     [self = shared_from_this(), this](const error_code& error, size_t size) {
                       if (closed()) return;
                       if (error || size != kContinue.size()) {
                         Close();
                         return;
                       }
                       phase_ = chunked_ ? Phase::kChunkedBody : Phase::kLengthBody;
                       Advance();
                     });
  return false;
}

bool Http1Connection::AdvanceLengthBody() {
  const size_t at_hand = static_cast<size_t>(std::min<uint64_t>(body_left_, input().size()));
  if (at_hand != 0) {
    ReserveBody(body_left_);
    if (!TakeBody(input().substr(0, at_hand))) return false;
    input_begin_ += at_hand;
    body_left_ -= at_hand;
  }
  if (body_left_ == 0) return FinishBody();
  if (input_ended_) {
    Close();
  } else {
    ReadBody(body_left_);
  }
  return false;
}

bool Http1Connection::AdvanceChunkedBody() {
  while (!input().empty() && !chunks_.done()) {
    const auto step = chunks_.Feed(input());
    if (!step) {
      RefuseBytes(400, step.error().message + "\n");
      return false;
    }
    if (!TakeBody(step->data)) return false;
    input_begin_ += step->used;
  }
  if (chunks_.done()) return FinishBody();
  const uint64_t left = chunks_.chunk_left();
  if (left > route_->body_bytes_max - request_.body.size()) {
    RefuseRequest({Code::kOutOfRange, "the body is larger than this server takes"});
  } else if (input_ended_) {
    Close();
  } else if (left >= kDirectChunkMin) {
    ReadBody(left);
  } else {
    ReadInput();
  }
  return false;
}

bool Http1Connection::FinishBody() {
  phase_ = Phase::kHandling;
  deadline_ns_ = 0;
  ++exchange_;
  Job job;
  job.request = std::move(request_);
  request_.method = job.request.method;  // says how to answer
  job.compression = compression_;
  job.route = route_;
  job.charge = std::move(charge_);
  Submit(exchange_, std::move(job));
  ReadInput();
  return false;
}

bool Http1Connection::TakeCharge(size_t size) {
  if (!charge_->TryTake(size)) {
    RefuseRequest({Code::kResourceExhausted, "the server is busy"});
    return false;
  }
  body_progress_ += size;
  if (body_progress_ >= kProgressBytes) {
    body_progress_ = 0;
    SetDeadline(options().body_timeout_ms);
  }
  return true;
}

bool Http1Connection::TakeBody(std::string_view bytes) {
  if (bytes.size() > route_->body_bytes_max - request_.body.size()) {
    RefuseRequest({Code::kOutOfRange, "the body is larger than this server takes"});
    return false;
  }
  if (!TakeCharge(bytes.size())) return false;
  request_.body.Append(bytes);
  return true;
}

// A length that a client only names must not cost memory: the whole is reserved when a first part
// has come.
void Http1Connection::ReserveBody(uint64_t wanted) {
  Bytes& body = request_.body;
  if (body.capacity() > body.size()) return;
  const uint64_t most = body.empty() ? kFirstBodyReserve : wanted;
  body.Reserve(body.size() + static_cast<size_t>(std::min(wanted, most)));
}

void Http1Connection::MakeInputRoom() {
  const size_t size = input_end_ - input_begin_;
  size_t wanted = kInputBytes;
  if (phase_ == Phase::kChunkedBody) wanted = kChunkedInputBytes;
  if (phase_ == Phase::kHead && size != 0)
    wanted = std::max(kInputBytes, std::min(size * 2, options().header_bytes_max + 1));
  const bool too_large = size == 0 && input_capacity_ > wanted;
  if (too_large || input_capacity_ < wanted) {
    std::unique_ptr<char[]> other(new char[wanted]);
    if (size != 0) std::memcpy(other.get(), input_.get() + input_begin_, size);
    input_ = std::move(other);
    input_capacity_ = wanted;
  } else if (size != 0 && input_begin_ != 0) {
    std::memmove(input_.get(), input_.get() + input_begin_, size);
  }
  input_begin_ = 0;
  input_end_ = size;
}

void Http1Connection::ReadInput() {
  if (reading_ || input_ended_) return;
  MakeInputRoom();
  if (input_end_ == input_capacity_)
    return;  // full of pipelined requests: read on when one is answered
  reading_ = true;
  stream().ReadSome(asio::buffer(input_.get() + input_end_, input_capacity_ - input_end_),
                    [self = shared_from_this(), this](const error_code& error, size_t size) {
                      OnInput(error, size);
                    });
}

void Http1Connection::OnInput(const error_code& error, size_t size) {
  reading_ = false;
  if (closed()) return;
  if (error) {
    error == asio::error::eof ? OnEnd() : Close();
    return;
  }
  input_end_ += size;
  if (phase_ == Phase::kLingering) {
    input_begin_ = input_end_ = 0;
    lingered_ += size;
    lingered_ > kLingerBytesMax ? Close() : ReadInput();
  } else if (phase_ == Phase::kHandling) {
    ReadInput();
  } else {
    Advance();
  }
}

void Http1Connection::OnEnd() {
  input_ended_ = true;
  if (phase_ == Phase::kHandling) {
    cancel_.Cancel();  // it may still read its answer, if there is one
  } else if (phase_ != Phase::kWriting) {
    Close();
  }
}

void Http1Connection::ReadBody(uint64_t wanted) {
  if (reading_)
    return;  // the read that waited while the request before was handled gets the next bytes
  ReserveBody(wanted);
  Bytes& body = request_.body;
  const size_t room =
      static_cast<size_t>(std::min<uint64_t>(wanted, body.capacity() - body.size()));
  reading_ = true;
  stream().ReadSome(asio::buffer(body.data() + body.size(), room),
                    [self = shared_from_this(), this](const error_code& error, size_t size) {
                      OnBody(error, size);
                    });
}

void Http1Connection::OnBody(const error_code& error, size_t size) {
  reading_ = false;
  if (closed()) return;
  abandoned_body_ = Bytes();
  if (phase_ != Phase::kLengthBody && phase_ != Phase::kChunkedBody) {  // timed out meanwhile
    error ? OnEnd() : ReadInput();
    return;
  }
  if (error) {
    Close();
    return;
  }
  request_.body.ResizeUninitialized(request_.body.size() + size);
  if (phase_ == Phase::kLengthBody) {
    body_left_ -= size;
  } else {
    chunks_.Took(size);
  }
  if (TakeCharge(size)) Advance();
}

void Http1Connection::RefuseRequest(const Error& error) {
  abandoned_body_ = std::move(request_.body);
  AnswerAndLinger(Refuse(route_, &request_, error));
}

void Http1Connection::RefuseBytes(int status, std::string_view message) {
  abandoned_body_ = std::move(request_.body);
  AnswerAndLinger(Response::Text(status, std::string(message)));
}

void Http1Connection::AnswerAndLinger(Response response) {
  charge_.reset();
  close_after_ = true;
  linger_after_ = true;
  Write(std::move(response));
}

void Http1Connection::Reply(uint64_t exchange, Response response) {
  if (closed() || phase_ != Phase::kHandling || exchange != exchange_) return;
  Write(std::move(response));
}

void Http1Connection::Write(Response response) {
  close_after_ = close_after_ || draining_;
  ResponseFraming framing;
  const std::string& body = response.shared_body != nullptr ? *response.shared_body : response.body;
  framing.content_length = body.size();
  framing.close = close_after_;
  framing.http10 = http10_;
  framing.date = io().HttpDate();
  out_head_ = RenderHttp1Head(response, framing);
  out_ = std::move(response);
  if (request_.method == "HEAD" || !StatusHasBody(out_.status)) {
    out_.body.clear();
    out_.shared_body.reset();
  }
  written_ = 0;
  phase_ = Phase::kWriting;
  ContinueWriting();
}

void Http1Connection::ContinueWriting() {
  const std::string& body = out_.shared_body != nullptr ? *out_.shared_body : out_.body;
  const size_t of_head = std::min(written_, out_head_.size());
  const size_t of_body = written_ - of_head;
  const std::array<asio::const_buffer, 2> buffers = {
      asio::buffer(out_head_.data() + of_head, out_head_.size() - of_head),
      asio::buffer(body.data() + of_body, body.size() - of_body)};
  const size_t total = out_head_.size() + body.size();
  SetDeadline(options().body_timeout_ms);
  stream().WriteSome(
      buffers, [self = shared_from_this(), this, total](const error_code& error, size_t size) {
        if (closed()) return;
        if (error) {
          Close();
          return;
        }
        written_ += size;
        written_ == total ? OnWritten() : ContinueWriting();
      });
}

void Http1Connection::OnWritten() {
  out_ = Response();
  if (draining_ && !linger_after_) {
    Close();  // a client that pools connections would not notice the end, and the server would wait
              // for it
  } else if (close_after_) {
    Linger();
  } else {
    phase_ = Phase::kHead;
    Advance();
  }
}

// Closing a socket that holds unread bytes resets it, and the client would lose the answer: what it
// still sends is read and thrown away for a while.
void Http1Connection::Linger() {
  phase_ = Phase::kLingering;
  if (input_ended_) {
    Close();
    return;
  }
  stream().ShutdownSend();
  SetDeadline(kLingerMs);
  if (reading_) return;
  input_begin_ = input_end_ = 0;
  ReadInput();
}

void Http1Connection::Tick(int64_t now_ns) {
  if (deadline_ns_ == 0 || now_ns < deadline_ns_) return;
  switch (phase_) {
    case Phase::kHead:
      head_started_ ? RefuseBytes(408, "the request took too long\n") : Close();
      break;
    case Phase::kLengthBody:
    case Phase::kChunkedBody:
      RefuseBytes(408, "the request took too long\n");
      break;
    case Phase::kWaitForRoom:
      RefuseRequest({Code::kResourceExhausted, "the server is busy"});
      break;
    default:
      Close();
  }
}

void Http1Connection::Resume() {
  if (phase_ != Phase::kWaitForRoom) return;
  if (BeginBody()) Advance();
}

void Http1Connection::Drain() {
  draining_ = true;
  if (phase_ == Phase::kHead && input().empty()) Close();
}

}  // namespace skep::net
