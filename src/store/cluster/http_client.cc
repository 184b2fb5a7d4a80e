// SPDX-License-Identifier: Apache-2.0
#include "store/cluster/http_client.h"

#include <curl/curl.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/clock.h"

namespace skep {
namespace {

constexpr size_t kFreeHandlesMax = 16;
constexpr int64_t kCancelGraceNs = 2 * kNsPerS;

// curl_global_init is done once a process and before any thread uses curl.
void InitCurl() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(done);
}

// What curl's callbacks see of one call.
struct Exchange {
  HttpReply reply;
  uint64_t reply_bytes_max;
  const CancelToken* cancel;
  bool too_large = false;
  int64_t cancelled_ns = 0;  // when that was first seen
};

size_t OnBody(char* data, size_t, size_t size, void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  if (exchange->reply.body.size() + size > exchange->reply_bytes_max) {
    exchange->too_large = true;
    return 0;
  }
  exchange->reply.body.Append({data, size});
  return size;
}

bool TakeHeader(std::string_view line, std::string_view name, std::string* value) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  if (!EqualsIgnoringCase(line.substr(0, name.size()), name)) return false;
  line.remove_prefix(name.size() + 1);
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  *value = line;
  return true;
}

size_t OnHeader(char* data, size_t, size_t size, void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  const std::string_view line(data, size);
  TakeHeader(line, "x-clickhouse-exception-code", &exchange->reply.exception_code);
  TakeHeader(line, "x-clickhouse-summary", &exchange->reply.summary);
  return size;
}

int OnProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto* exchange = static_cast<Exchange*>(user);
  if (!exchange->cancel->cancelled()) return 0;
  if (exchange->cancelled_ns == 0) exchange->cancelled_ns = MonotonicNs();
  return MonotonicNs() - exchange->cancelled_ns >= kCancelGraceNs ? 1 : 0;
}

bool IsLostOnTheWay(CURLcode code) {
  return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
         code == CURLE_PARTIAL_FILE || code == CURLE_COULDNT_CONNECT;
}

}  // namespace

class HttpClient::Handle {
 public:
  Handle() : curl_(curl_easy_init()) {}
  ~Handle() { curl_easy_cleanup(curl_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  std::string UrlOf(const std::string& url, const HttpCall::Pairs& query) {
    std::string full = url + "/?";
    for (const auto& [name, value] : query) {
      full += name + "=";
      char* escaped = curl_easy_escape(curl_, value.data(), static_cast<int>(value.size()));
      full += escaped;
      full += "&";
      curl_free(escaped);
    }
    full.pop_back();
    return full;
  }

  CURLcode Perform(const Options& options, const HttpCall& call, Exchange* exchange) {
    curl_easy_reset(curl_);  // keeps its connections
    const std::string url = UrlOf(options.url, call.query);
    curl_slist* headers = nullptr;
    headers = curl_slist_append(headers, ("X-ClickHouse-User: " + options.user).c_str());
    if (!options.password.empty())
      headers = curl_slist_append(headers, ("X-ClickHouse-Key: " + options.password).c_str());
    headers = curl_slist_append(headers, "Content-Type: application/octet-stream");
    headers = curl_slist_append(headers, "Expect:");  // waiting for 100 costs a round trip
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl_, CURLOPT_POST, 1L);
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, call.body.empty() ? "" : call.body.data());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_PROXY, "");
    curl_easy_setopt(curl_, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(options.connect_timeout_ms));
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(call.deadline_ms));
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, OnProgress);
    curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, exchange);
    const CURLcode code = curl_easy_perform(curl_);
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &exchange->reply.status);
    curl_slist_free_all(headers);
    return code;
  }

 private:
  CURL* curl_;
};

HttpClient::HttpClient(Options options) : options_(std::move(options)) { InitCurl(); }
HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Handle> HttpClient::TakeHandle() {
  auto handle = free_.With([](auto& free) -> std::unique_ptr<Handle> {
    if (free.empty()) return nullptr;
    auto last = std::move(free.back());
    free.pop_back();
    return last;
  });
  return handle != nullptr ? std::move(handle) : std::make_unique<Handle>();
}

Result<HttpReply> HttpClient::Post(const HttpCall& call, const CancelToken& cancel) {
  if (cancel.cancelled()) return Error(Code::kCancelled, "the query was cancelled");
  auto handle = TakeHandle();
  Exchange exchange{{}, call.reply_bytes_max, &cancel};
  CURLcode code = handle->Perform(options_, call, &exchange);
  // Mostly a kept connection that the server closed meanwhile.
  if (IsLostOnTheWay(code) && !cancel.cancelled()) {
    exchange = {{}, call.reply_bytes_max, &cancel};
    code = handle->Perform(options_, call, &exchange);
  }
  free_.With([&](auto& free) {
    if (free.size() < kFreeHandlesMax) free.push_back(std::move(handle));
  });
  if (exchange.too_large) return Error(Code::kResourceExhausted, "the answer is too large");
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error(Code::kCancelled, "the query was cancelled");
  if (code == CURLE_OPERATION_TIMEDOUT)
    return Error(Code::kDeadlineExceeded, "the store took too long", curl_easy_strerror(code));
  if (code != CURLE_OK)
    return Error(Code::kUnavailable, "the store cannot be reached", curl_easy_strerror(code));
  return std::move(exchange.reply);
}

}  // namespace skep
