// SPDX-License-Identifier: Apache-2.0
#include "net/http2_response.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "net/http1_head.h"

namespace skep::net {
namespace {

// Headers that HTTP/2 has no use for (RFC 9113 section 8.2.2), and those that are added here.
constexpr std::array<std::string_view, 7> kLeftOut = {
    "connection",     "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    "content-length", "date"};

nghttp2_nv Pair(std::string_view name, std::string_view value) {
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

// Owns the text that nghttp2 copies when it takes the headers.
class HeaderBlock {
 public:
  // The name in lower case.
  void Add(std::string name, std::string value) {
    for (char& c : value)
      if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
    // RFC 9113 section 8.2.1: a client takes a field with outer spaces for an attack.
    value.erase(value.find_last_not_of(' ') + 1);
    value.erase(0, value.find_first_not_of(' '));
    fields_.emplace_back(std::move(name), std::move(value));
  }

  void AddOwn(const Headers& headers, bool grpc) {
    for (const auto& [name, value] : headers) {
      std::string lower = ToLower(name);
      if (std::find(kLeftOut.begin(), kLeftOut.end(), lower) != kLeftOut.end()) continue;
      if (grpc && lower == "content-type") continue;
      Add(std::move(lower), value);
    }
  }

  std::vector<nghttp2_nv> Pairs() const {
    std::vector<nghttp2_nv> pairs;
    pairs.reserve(fields_.size());
    for (const auto& [name, value] : fields_) pairs.push_back(Pair(name, value));
    return pairs;
  }

 private:
  Headers fields_;
};

ssize_t ReadBody(nghttp2_session* session, int32_t stream_id, uint8_t* out, size_t room,
                 uint32_t* flags, nghttp2_data_source* source, void*) {
  auto* const exchange = static_cast<Http2Exchange*>(source->ptr);
  const std::string& body = exchange->body();
  const size_t total = exchange->prefix.size() + body.size();
  size_t copied = 0;
  while (copied < room && exchange->sent < total) {
    const bool in_prefix = exchange->sent < exchange->prefix.size();
    const std::string& from = in_prefix ? exchange->prefix : body;
    const size_t at = in_prefix ? exchange->sent : exchange->sent - exchange->prefix.size();
    const size_t size = std::min(from.size() - at, room - copied);
    std::memcpy(out + copied, from.data() + at, size);
    copied += size;
    exchange->sent += size;
  }
  if (exchange->sent < total) return static_cast<ssize_t>(copied);
  *flags |= NGHTTP2_DATA_FLAG_EOF;
  if (exchange->grpc) {
    *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
    const nghttp2_nv status = Pair("grpc-status", "0");
    if (nghttp2_submit_trailer(session, stream_id, &status, 1) != 0)
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  return static_cast<ssize_t>(copied);
}

bool Submit(nghttp2_session* session, Http2Exchange* exchange, const HeaderBlock& headers,
            bool with_body) {
  const std::vector<nghttp2_nv> pairs = headers.Pairs();
  nghttp2_data_provider provider = {};
  provider.source.ptr = exchange;
  provider.read_callback = ReadBody;
  return nghttp2_submit_response(session, exchange->stream_id, pairs.data(), pairs.size(),
                                 with_body ? &provider : nullptr) == 0;
}

bool SubmitGrpc(nghttp2_session* session, Http2Exchange* exchange) {
  Response& response = exchange->response;
  int status = response.grpc_status;
  if (status == 0 && response.status != 200) {  // a handler that answered in HTTP's terms
    status = GrpcStatusOfHttp(response.status);
    if (response.grpc_message.empty()) response.grpc_message = response.body;
  }
  HeaderBlock headers;
  headers.Add(":status", "200");
  headers.Add("content-type", "application/grpc");
  headers.Add("grpc-accept-encoding", "identity,deflate,gzip");
  headers.AddOwn(response.headers, true);
  if (status == 0) {
    const std::array<char, 5> prefix = GrpcPrefix(exchange->body().size());
    exchange->prefix.assign(prefix.data(), prefix.size());
    return Submit(session, exchange, headers, true);
  }
  headers.Add("grpc-status", std::to_string(status));
  if (!response.grpc_message.empty())
    headers.Add("grpc-message", EncodeGrpcMessage(response.grpc_message));
  if (!response.grpc_details.empty())
    headers.Add("grpc-status-details-bin", EncodeGrpcDetails(response.grpc_details));
  return Submit(session, exchange, headers, false);
}

}  // namespace

bool SubmitResponse(nghttp2_session* session, Http2Exchange* exchange, std::string_view date) {
  if (exchange->grpc) return SubmitGrpc(session, exchange);
  const Response& response = exchange->response;
  HeaderBlock headers;
  headers.Add(":status", std::to_string(response.status));
  headers.AddOwn(response.headers, false);
  if (StatusHasBody(response.status))
    headers.Add("content-length", std::to_string(exchange->body().size()));
  headers.Add("date", std::string(date));
  const bool with_body =
      StatusHasBody(response.status) && !exchange->head && !exchange->body().empty();
  return Submit(session, exchange, headers, with_body);
}

}  // namespace skep::net
