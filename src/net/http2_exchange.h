// SPDX-License-Identifier: Apache-2.0
// Http2Exchange: one stream of an HTTP/2 connection, from its headers to the last byte of its
// answer. Owned by its connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/grpc.h"
#include "net/http.h"
#include "net/memory_budget.h"
#include "net/router.h"
#include "wire/compress.h"

namespace skep::net {

struct Http2Exchange {
  int32_t stream_id = 0;
  Request request;
  std::string authority;
  size_t header_bytes = 0;
  bool headers_too_large = false;

  const Route* route = nullptr;
  CancelToken cancel;
  std::shared_ptr<Charge> charge;  // shared: with the job
  Compression compression = Compression::kNone;
  GrpcMessageReader message;
  bool grpc = false;
  bool head = false;   // of method HEAD
  bool began = false;  // its headers are complete
  bool ended = false;  // its body is complete, or nobody wants it
  bool answered = false;
  bool reset_after = false;  // the client need not send the rest
  size_t progress_bytes = 0;
  int64_t body_deadline_ns = 0;
  int64_t answer_deadline_ns = 0;  // as the client's grpc-timeout says; 0: none

  Response response;
  std::string prefix;  // before the body
  size_t sent = 0;
  size_t sent_before = 0;  // when the answer's deadline was last put off
  int64_t sent_deadline_ns = 0;

  const std::string& body() const {
    return response.shared_body != nullptr ? *response.shared_body : response.body;
  }
};

}  // namespace skep::net
