// SPDX-License-Identifier: Apache-2.0
// The parts of gRPC over HTTP/2 that are not HTTP/2
// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): message frames, timeouts,
// status text. Pure, but for the reader, which is thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace skep::net {

bool IsGrpcContentType(std::string_view content_type);

// `10S`, `9971m`: at most 8 digits and a unit. Empty for anything else.
std::optional<int64_t> ParseGrpcTimeoutNs(std::string_view text);

// Percent-encodes what may not stand in a header.
std::string EncodeGrpcMessage(std::string_view message);
std::string EncodeGrpcDetails(std::string_view details);

// What gRPC says for an HTTP status that a handler answered with.
int GrpcStatusOfHttp(int status);

// The 5 bytes before a message that is not compressed.
std::array<char, 5> GrpcPrefix(size_t message_size);

// Reads the one message of a unary request, in any cut; its bytes go straight to `body`.
class GrpcMessageReader {
 public:
  // kOutOfRange for a message over `bytes_max`, kUnimplemented for a second one, kInternal for a
  // broken prefix.
  Status Feed(std::string_view data, size_t bytes_max, Bytes* body);
  // At the end of the stream.
  Status Finish(const Bytes& body) const;
  bool compressed() const { return prefix_[0] == 1; }

 private:
  Status TakePrefix(size_t bytes_max);

  std::array<char, 5> prefix_{};
  size_t prefix_size_ = 0;
  size_t message_size_ = 0;
};

}  // namespace skep::net
