// SPDX-License-Identifier: Apache-2.0
// HttpClient: one HTTP request and its answer, by libcurl, with certificates verified (TLS 1.2 at
// least). Keeps its connection between requests, follows no redirects, raises no signals; used by
// one thread at a time, but for Cancel. Tests replace it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skep::sdk {

struct HttpRequest {
  std::string method = "POST";
  std::string url{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string_view body{};
  std::chrono::milliseconds timeout{10000};
};

struct HttpResponse {
  int status = 0;  // 0: there was no answer, and `error` says why
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;  // at most 1 MiB of it; the rest is not read
  std::string error;
  std::string_view Header(std::string_view lower_case_name) const;  // empty if there is none
};

// Retry-After as seconds or as an HTTP date (RFC 9110, 10.2.3), no longer than an hour; nothing if
// there is none.
std::optional<std::chrono::milliseconds> RetryAfter(const HttpResponse& response,
                                                    int64_t now_unix_ns);

struct HttpClientOptions {
  std::string ca_file{};           // empty: the system's
  std::string client_cert_file{};  // with its key, for mutual TLS
  std::string client_key_file{};
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse Do(const HttpRequest& request) = 0;
  // Ends a Do that is running, and every later one, at once with status 0. Thread-safe.
  virtual void Cancel() {}
  static std::unique_ptr<HttpClient> Create(HttpClientOptions options = {});
};

}  // namespace skep::sdk
