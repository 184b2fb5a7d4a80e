// SPDX-License-Identifier: Apache-2.0
// HttpClient: POST requests to one ClickHouse server over kept connections (libcurl). Thread-safe:
// each call takes a handle of its own from those that are free.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/guarded.h"
#include "base/result.h"

namespace skep {

struct HttpReply {
  long status = 0;
  Bytes body;
  std::string exception_code;  // X-ClickHouse-Exception-Code
  std::string summary;         // X-ClickHouse-Summary
};

struct HttpCall {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  Pairs query;            // of the URL
  std::string_view body;  // good during the call
  int64_t deadline_ms = 10'000;
  uint64_t reply_bytes_max = 1ull << 30;
};

class HttpClient {
 public:
  struct Options {
    std::string url;
    std::string user;
    std::string password;
    int64_t connect_timeout_ms = 3'000;
  };
  explicit HttpClient(Options options);
  ~HttpClient();

  // kUnavailable: no answer; kDeadlineExceeded, kCancelled, kResourceExhausted (a reply too large).
  // When it is cancelled it waits two seconds for the server to say so itself.
  Result<HttpReply> Post(const HttpCall& call, const CancelToken& cancel);

 private:
  class Handle;
  std::unique_ptr<Handle> TakeHandle();

  const Options options_;
  Guarded<std::vector<std::unique_ptr<Handle>>> free_;
};

}  // namespace skep
