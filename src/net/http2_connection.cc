// SPDX-License-Identifier: Apache-2.0
#include "net/http2_connection.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "net/http2_response.h"
#include "net/http2_session.h"
#include "net/refusal.h"
#include "wire/url.h"

namespace skep::net {
namespace {

constexpr size_t kInputBytesMin = 16u << 10;
constexpr size_t kInputBytesMax = 256u << 10;
constexpr size_t kOutputBytes = 256u << 10;  // gathered for one write
constexpr size_t kHeadersMax = 256;
constexpr size_t kHeaderOverhead = 32;  // RFC 9113 section 6.5.2
constexpr size_t kProgressBytes = 64u << 10;
constexpr size_t kFramesWaitingMax = 4096;  // more means a client that asks and does not read
constexpr int64_t kLingerMs = 1'000;
constexpr size_t kHandlingMax =
    4 * kHttp2StreamsMax;  // more means streams opened and reset to make work

}  // namespace

Http2Connection::Http2Connection(ConnectionParts parts)
    : Connection(std::move(parts)), session_(NewHttp2Session(this, options().header_bytes_max)) {}

Http2Connection::~Http2Connection() { nghttp2_session_del(session_); }

void Http2Connection::Start(std::string_view first_bytes) {
  idle_since_ns_ = MonotonicNs();
  Receive(first_bytes);
}

void Http2Connection::CancelExchanges() {
  for (const auto& [id, exchange] : exchanges_) exchange->cancel.Cancel();
}

Http2Exchange* Http2Connection::Find(int32_t stream_id) {
  const auto found = exchanges_.find(stream_id);
  return found == exchanges_.end() ? nullptr : found->second.get();
}

void Http2Connection::Read() {
  if (reading_ || closed()) return;
  if (!lingering_ && !io().core().budget->has_room() && !HasPartialBody()) {
    paused_ = true;
    io().WaitForRoom(this);
    return;
  }
  if (input_ == nullptr) {
    input_capacity_ = std::max(kInputBytesMin, input_capacity_);
    input_.reset(new char[input_capacity_]);
  }
  reading_ = true;
  stream().ReadSome(asio::buffer(input_.get(), input_capacity_),
                    [self = shared_from_this(), this](const error_code& error, size_t size) {
                      reading_ = false;
                      if (closed()) return;
                      if (error) {
                        Close();
                        return;
                      }
                      lingering_ ? Read() : Receive({input_.get(), size});
                    });
}

void Http2Connection::Receive(std::string_view bytes) {
  const ssize_t used = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (used < 0 ||  // a flood, or no memory
      nghttp2_session_get_outbound_queue_size(session_) > kFramesWaitingMax) {
    Close();
    return;
  }
  if (bytes.size() == input_capacity_ && input_capacity_ < kInputBytesMax) {  // a busy client
    input_.reset();
    input_capacity_ *= 2;
  }
  Flush();
  Read();
}

bool Http2Connection::HasPartialBody() const {
  return std::any_of(exchanges_.begin(), exchanges_.end(),
                     [](const auto& entry) { return !entry.second->ended && entry.second->began; });
}

void Http2Connection::Flush() {
  if (writing_ || lingering_ || closed()) return;
  if (written_ == output_.size()) {
    output_.clear();
    written_ = 0;
    while (output_.size() < kOutputBytes) {
      const uint8_t* bytes = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
      if (size < 0) {
        Close();
        return;
      }
      if (size == 0) break;
      output_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
    }
  }
  if (output_.empty()) {
    const bool over =
        nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
    if (over || (draining_ && exchanges_.empty())) Linger();
    return;
  }
  writing_ = true;
  write_deadline_ns_ = MonotonicNs() + options().body_timeout_ms * kNsPerMs;
  stream().WriteSome(asio::buffer(output_.data() + written_, output_.size() - written_),
                     [self = shared_from_this(), this](const error_code& error, size_t size) {
                       writing_ = false;
                       if (closed()) return;
                       if (error) {
                         Close();
                         return;
                       }
                       written_ += size;
                       Flush();
                     });
}

// As for HTTP/1.1: a socket closed with bytes unread would take the last answers back. A client
// that has seen GOAWAY closes at once.
void Http2Connection::Linger() {
  lingering_ = true;
  linger_deadline_ns_ = MonotonicNs() + kLingerMs * kNsPerMs;
  stream().ShutdownSend();
  Read();
}

int Http2Connection::OnBeginHeaders(int32_t stream_id) {
  header_deadline_ns_ = MonotonicNs() + options().header_timeout_ms * kNsPerMs;
  if (handling_ >= kHandlingMax) {
    nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
    return 0;
  }
  auto exchange = std::make_unique<Http2Exchange>();
  exchange->stream_id = stream_id;
  exchange->request.receive_time_ns = WallClockNs();
  exchange->request.peer_address = peer_address();
  exchanges_.emplace(stream_id, std::move(exchange));
  return 0;
}

void Http2Connection::OnHeader(Http2Exchange* exchange, std::string_view name,
                               std::string_view value) {
  if (exchange->began) return;  // a trailer
  Request& request = exchange->request;
  exchange->header_bytes += name.size() + value.size() + kHeaderOverhead;
  if (exchange->header_bytes > options().header_bytes_max ||
      request.headers.size() == kHeadersMax) {
    exchange->headers_too_large = true;
  } else if (name == ":method") {
    request.method = value;
  } else if (name == ":path") {
    request.target = value;
  } else if (name == ":authority") {
    exchange->authority = value;
  } else if (!name.starts_with(':')) {
    request.headers.emplace_back(name, value);
  }
}

void Http2Connection::OnHeadersComplete(Http2Exchange* exchange, bool ended) {
  header_deadline_ns_ = 0;
  if (!exchange->began) {
    exchange->began = true;
    if (BeginRequest(exchange) && !ended) SendContinue(*exchange);
  }
  if (ended) OnBodyComplete(exchange);
}

bool Http2Connection::BeginRequest(Http2Exchange* exchange) {
  Request& request = exchange->request;
  exchange->head = request.method == "HEAD";
  exchange->cancel = request.cancel;
  if (exchange->headers_too_large) {
    Answer(exchange, Response::Text(431, "the headers are too large\n"));
    return false;
  }
  auto target = ParseRequestTarget(request.target);
  if (!target || !target->authority.empty()) {
    Answer(exchange, Response::Text(400, "the request target is malformed\n"));
    return false;
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.target = request.path;
  if (!request.query.empty()) request.target.append("?").append(request.query);
  if (!exchange->authority.empty() && !request.HasHeader("host"))
    request.headers.emplace_back("host", exchange->authority);
  request.grpc = request.method == "POST" && IsGrpcContentType(request.Header("content-type"));
  exchange->grpc = request.grpc;
  exchange->route = router().Match(request);
  exchange->charge = NewCharge();
  if (!exchange->charge->TryTake(exchange->header_bytes)) {
    Refuse(exchange, {Code::kResourceExhausted, "the server is busy"});
    return false;
  }
  const int64_t now_ns = MonotonicNs();
  exchange->body_deadline_ns = now_ns + options().body_timeout_ms * kNsPerMs;
  if (request.grpc) {
    if (const auto timeout_ns = ParseGrpcTimeoutNs(request.Header("grpc-timeout")))
      exchange->answer_deadline_ns = now_ns + *timeout_ns;
  }
  return ChooseEncoding(exchange);
}

bool Http2Connection::ChooseEncoding(Http2Exchange* exchange) {
  const auto encoding = ParseCompression(
      exchange->request.Header(exchange->grpc ? "grpc-encoding" : "content-encoding"));
  if (!encoding) {
    Answer(exchange, RefuseEncoding(exchange->route, &exchange->request));
    return false;
  }
  exchange->compression = *encoding;
  return true;
}

void Http2Connection::SendContinue(const Http2Exchange& exchange) {
  if (!exchange.request.HasHeader("expect")) return;
  std::string name = ":status";
  std::string value = "100";
  const nghttp2_nv status = {reinterpret_cast<uint8_t*>(name.data()),
                             reinterpret_cast<uint8_t*>(value.data()), name.size(), value.size(),
                             NGHTTP2_NV_FLAG_NONE};
  // Only memory can lack, which the answer will say.
  (void)nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, exchange.stream_id, nullptr, &status, 1,
                               nullptr);
}

bool Http2Connection::TakeData(Http2Exchange* exchange, std::string_view data) {
  Bytes& body = exchange->request.body;
  const size_t bytes_max = exchange->route->body_bytes_max;
  if (exchange->grpc) {
    const Status fed = exchange->message.Feed(data, bytes_max, &body);
    if (fed) return true;
    Refuse(exchange, fed.error());
    return false;
  }
  if (data.size() > bytes_max - body.size()) {
    Refuse(exchange, {Code::kOutOfRange, "the body is larger than this server takes"});
    return false;
  }
  body.Append(data);
  return true;
}

void Http2Connection::OnData(Http2Exchange* exchange, std::string_view data) {
  if (exchange->ended) return;
  if (!exchange->charge->TryTake(data.size())) {
    Refuse(exchange, {Code::kResourceExhausted, "the server is busy"});
    return;
  }
  if (!TakeData(exchange, data)) return;
  exchange->progress_bytes += data.size();
  if (exchange->progress_bytes < kProgressBytes) return;
  exchange->progress_bytes = 0;
  exchange->body_deadline_ns = MonotonicNs() + options().body_timeout_ms * kNsPerMs;
}

void Http2Connection::OnBodyComplete(Http2Exchange* exchange) {
  exchange->reset_after = false;
  if (exchange->ended) return;
  if (exchange->grpc) {
    if (const Status finished = exchange->message.Finish(exchange->request.body); !finished) {
      Refuse(exchange, finished.error());
      return;
    }
    if (!exchange->message.compressed()) {
      exchange->compression = Compression::kNone;
    } else if (exchange->compression == Compression::kNone) {
      Refuse(exchange, {Code::kInternal, "the message is compressed but has no grpc-encoding"});
      return;
    }
  }
  exchange->ended = true;
  Job job;
  job.request = std::move(exchange->request);
  job.compression = exchange->compression;
  job.route = exchange->route;
  job.charge = std::move(exchange->charge);
  ++handling_;
  Submit(static_cast<uint64_t>(exchange->stream_id), std::move(job));
}

void Http2Connection::OnStreamClosed(int32_t stream_id) {
  const auto found = exchanges_.find(stream_id);
  if (found == exchanges_.end()) return;
  found->second->cancel.Cancel();
  exchanges_.erase(found);
  if (exchanges_.empty()) idle_since_ns_ = MonotonicNs();
}

// RFC 9113 section 8.1: who has answered before the request was complete asks the client to stop
// sending.
void Http2Connection::OnAnswerSent(Http2Exchange* exchange) {
  if (!exchange->reset_after) return;
  exchange->reset_after = false;
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, exchange->stream_id, NGHTTP2_NO_ERROR);
}

void Http2Connection::Refuse(Http2Exchange* exchange, const Error& error) {
  Answer(exchange, net::Refuse(exchange->route, &exchange->request, error));
}

void Http2Connection::Answer(Http2Exchange* exchange, Response response) {
  exchange->reset_after = !exchange->ended;
  exchange->ended = true;
  exchange->answered = true;
  exchange->charge.reset();
  exchange->request.body = Bytes();
  exchange->response = std::move(response);
  exchange->sent_deadline_ns = MonotonicNs() + options().body_timeout_ms * kNsPerMs;
  if (!SubmitResponse(session_, exchange, io().HttpDate()))
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, exchange->stream_id,
                              NGHTTP2_INTERNAL_ERROR);
}

void Http2Connection::Reply(uint64_t stream_id, Response response) {
  --handling_;
  Http2Exchange* const exchange = Find(static_cast<int32_t>(stream_id));
  if (closed() || exchange == nullptr || exchange->answered) return;
  Answer(exchange, std::move(response));
  Flush();
}

// A client may keep its window shut, or open it a byte at a time.
void Http2Connection::CheckSending(Http2Exchange* exchange, int64_t now_ns) {
  if (now_ns < exchange->sent_deadline_ns) return;
  if (exchange->sent < exchange->sent_before + kProgressBytes) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, exchange->stream_id, NGHTTP2_CANCEL);
    return;
  }
  exchange->sent_before = exchange->sent;
  exchange->sent_deadline_ns = now_ns + options().body_timeout_ms * kNsPerMs;
}

void Http2Connection::CheckDeadlines(Http2Exchange* exchange, int64_t now_ns) {
  if (exchange->answered) {
    CheckSending(exchange, now_ns);
    return;
  }
  if (!exchange->began) return;
  const bool too_slow = !exchange->ended && now_ns >= exchange->body_deadline_ns;
  const bool too_late = exchange->answer_deadline_ns != 0 && now_ns >= exchange->answer_deadline_ns;
  if (!too_slow && !too_late) return;
  exchange->cancel.Cancel();
  if (!exchange->grpc) {
    Answer(exchange, Response::Text(408, "the request took too long\n"));
    return;
  }
  Response response;
  response.grpc_status = ReplyFor(Code::kDeadlineExceeded).grpc;
  response.grpc_message = "the deadline has passed";
  Answer(exchange, std::move(response));
}

void Http2Connection::Tick(int64_t now_ns) {
  std::vector<Http2Exchange*> exchanges;
  for (const auto& [id, exchange] : exchanges_) exchanges.push_back(exchange.get());
  for (Http2Exchange* const exchange : exchanges) CheckDeadlines(exchange, now_ns);
  const int64_t idle_ns = options().idle_timeout_ms * kNsPerMs;
  if ((writing_ && now_ns >= write_deadline_ns_) || (lingering_ && now_ns >= linger_deadline_ns_) ||
      (header_deadline_ns_ != 0 && now_ns >= header_deadline_ns_)) {
    Close();
    return;
  }
  if (exchanges_.empty() && !paused_ && now_ns >= idle_since_ns_ + idle_ns) Drain();
  Flush();
}

void Http2Connection::Resume() {
  if (!std::exchange(paused_, false)) return;
  Read();
}

void Http2Connection::Drain() {
  if (!std::exchange(draining_, true))
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                          nullptr, 0);
  Flush();
}

}  // namespace skep::net
