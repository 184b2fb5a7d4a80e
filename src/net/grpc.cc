// SPDX-License-Identifier: Apache-2.0
#include "net/grpc.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/clock.h"
#include "base/hex.h"
#include "wire/base64.h"

namespace skep::net {
namespace {

constexpr std::string_view kContentType = "application/grpc";
constexpr size_t kTimeoutDigitsMax = 8;
constexpr int64_t kTimeoutHoursMax = 1'000'000;  // more would not fit into nanoseconds
constexpr size_t kFirstReserve = 1u << 20;       // before a client has sent what it names

}  // namespace

bool IsGrpcContentType(std::string_view content_type) {
  if (!content_type.starts_with(kContentType)) return false;
  const std::string_view rest = content_type.substr(kContentType.size());
  return rest.empty() || rest.front() == '+' || rest.front() == ';';
}

std::optional<int64_t> ParseGrpcTimeoutNs(std::string_view text) {
  if (text.size() < 2 || text.size() > kTimeoutDigitsMax + 1) return std::nullopt;
  int64_t value = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  switch (text.back()) {
    case 'H':
      return std::min(value, kTimeoutHoursMax) * 3600 * kNsPerS;
    case 'M':
      return value * 60 * kNsPerS;
    case 'S':
      return value * kNsPerS;
    case 'm':
      return value * kNsPerMs;
    case 'u':
      return value * kNsPerUs;
    case 'n':
      return value;
    default:
      return std::nullopt;
  }
}

std::string EncodeGrpcMessage(std::string_view message) {
  std::string out;
  out.reserve(message.size());
  for (size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    // A field may not begin or end with a space (RFC 9113 section 8.2.1).
    const bool outer_space = c == ' ' && (i == 0 || i + 1 == message.size());
    if (c >= ' ' && c <= '~' && c != '%' && !outer_space) {
      out.push_back(c);
    } else {
      out.push_back('%');
      const auto byte = static_cast<unsigned char>(c);
      out.push_back("0123456789ABCDEF"[byte >> 4]);
      out.push_back("0123456789ABCDEF"[byte & 15]);
    }
  }
  return out;
}

std::string EncodeGrpcDetails(std::string_view details) {
  std::string text = EncodeBase64(details);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

// https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
int GrpcStatusOfHttp(int status) {
  switch (status) {
    case 200:
      return 0;
    case 400:
    case 500:
      return ReplyFor(Code::kInternal).grpc;
    case 401:
      return ReplyFor(Code::kUnauthenticated).grpc;
    case 403:
      return ReplyFor(Code::kPermissionDenied).grpc;
    case 404:
    case 405:
      return ReplyFor(Code::kUnimplemented).grpc;
    case 429:
    case 502:
    case 503:
    case 504:
      return ReplyFor(Code::kUnavailable).grpc;
    default:
      return ReplyFor(Code::kUnknown).grpc;
  }
}

std::array<char, 5> GrpcPrefix(size_t message_size) {
  return {0, static_cast<char>(message_size >> 24), static_cast<char>(message_size >> 16),
          static_cast<char>(message_size >> 8), static_cast<char>(message_size)};
}

Status GrpcMessageReader::TakePrefix(size_t bytes_max) {
  if (prefix_[0] != 0 && prefix_[0] != 1)
    return Error(Code::kInternal, "the message frame is malformed");
  for (size_t i = 1; i < prefix_.size(); ++i)
    message_size_ = message_size_ << 8 | static_cast<unsigned char>(prefix_[i]);
  if (message_size_ > bytes_max)
    return Error(Code::kOutOfRange, fmt::format("the message is larger than {} bytes", bytes_max));
  return {};
}

Status GrpcMessageReader::Feed(std::string_view data, size_t bytes_max, Bytes* body) {
  if (prefix_size_ < prefix_.size()) {
    const size_t size = std::min(prefix_.size() - prefix_size_, data.size());
    std::memcpy(prefix_.data() + prefix_size_, data.data(), size);
    prefix_size_ += size;
    data.remove_prefix(size);
    if (prefix_size_ < prefix_.size()) return {};
    SKEP_TRY(TakePrefix(bytes_max));
    body->Reserve(std::min(message_size_, kFirstReserve));
  }
  if (data.empty()) return {};
  if (data.size() > message_size_ - body->size())
    return Error(Code::kUnimplemented, "a unary call has one message");
  if (body->size() + data.size() > body->capacity()) body->Reserve(message_size_);
  body->Append(data);
  return {};
}

Status GrpcMessageReader::Finish(const Bytes& body) const {
  if (prefix_size_ == 0) return Error(Code::kUnimplemented, "a unary call has one message");
  if (prefix_size_ < prefix_.size() || body.size() < message_size_)
    return Error(Code::kInternal, "the message is cut short");
  return {};
}

}  // namespace skep::net
