// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/reply.h"

#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "wire/json.h"
#include "wire/protobuf.h"

namespace skep::otlp {
namespace {

constexpr std::string_view kProtobufType = "application/x-protobuf";
constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kRetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";

std::string_view RejectedName(SignalType signal) {
  switch (signal) {
    case SignalType::kTraces:
      return "rejectedSpans";
    case SignalType::kLogs:
      return "rejectedLogRecords";
    case SignalType::kMetrics:
      break;
  }
  return "rejectedDataPoints";
}

net::Response Encoded(const Dialect& dialect, int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.emplace_back("content-type",
                                dialect.encoding == Encoding::kJson ? kJsonType : kProtobufType);
  response.body = std::move(body);
  return response;
}

net::Response WithBrowserHeaders(const Dialect& dialect, net::Response response) {
  if (!dialect.browser || dialect.grpc) return response;
  response.headers.emplace_back("access-control-allow-origin", "*");
  response.headers.emplace_back("access-control-expose-headers", "retry-after");
  return response;
}

// google.rpc.Status, with a RetryInfo when retry_after_s is not 0.
std::string StatusMessage(int code, std::string_view message, int retry_after_s) {
  Bytes bytes;
  ProtoWriter writer(&bytes);
  writer.Varint(1, static_cast<uint64_t>(code));
  writer.Text(2, message);
  if (retry_after_s != 0) {
    Bytes delay;
    ProtoWriter(&delay).Varint(1, static_cast<uint64_t>(retry_after_s));
    Bytes retry_info;
    ProtoWriter(&retry_info).Text(1, delay.view());
    Bytes any;
    ProtoWriter(&any).Text(1, kRetryInfoType);
    ProtoWriter(&any).Text(2, retry_info.view());
    writer.Text(3, any.view());
  }
  return std::string(bytes.view());
}

std::string StatusJson(int code, std::string_view message) {
  JsonWriter writer;
  writer.BeginObject();
  writer.Field("code", code);
  writer.Field("message", message);
  writer.EndObject();
  return writer.Take();
}

net::Response GrpcError(int code, std::string_view message, int retry_after_s) {
  net::Response response;
  response.grpc_status = code;
  response.grpc_message = message;
  if (retry_after_s != 0) response.grpc_details = StatusMessage(code, message, retry_after_s);
  return response;
}

net::Response HttpError(const Dialect& dialect, int http, int code, std::string_view message,
                        int retry_after_s) {
  net::Response response =
      Encoded(dialect, http,
              dialect.encoding == Encoding::kJson ? StatusJson(code, message)
                                                  : StatusMessage(code, message, retry_after_s));
  if (retry_after_s != 0)
    response.headers.emplace_back("retry-after", std::to_string(retry_after_s));
  return WithBrowserHeaders(dialect, std::move(response));
}

}  // namespace

std::optional<Encoding> EncodingOf(std::string_view content_type) {
  std::string type;
  for (const char c : content_type.substr(0, content_type.find(';')))
    if (c != ' ' && c != '\t') type.push_back(ToLower(c));
  if (type == kProtobufType || type == "application/protobuf") return Encoding::kProtobuf;
  if (type == kJsonType) return Encoding::kJson;
  return std::nullopt;
}

net::Response SuccessReply(const Dialect& dialect, SignalType signal, size_t rejected,
                           std::string_view reason) {
  std::string body;
  if (dialect.encoding == Encoding::kJson) {
    JsonWriter writer;
    writer.BeginObject();
    if (rejected != 0) {
      writer.Key("partialSuccess");
      writer.BeginObject();
      writer.Field(RejectedName(signal), std::string_view(std::to_string(rejected)));
      writer.Field("errorMessage", reason);
      writer.EndObject();
    }
    writer.EndObject();
    body = writer.Take();
  } else if (rejected != 0) {
    Bytes partial;
    ProtoWriter(&partial).Varint(1, rejected);
    ProtoWriter(&partial).Text(2, reason);
    Bytes bytes;
    ProtoWriter(&bytes).Text(1, partial.view());
    body = std::string(bytes.view());
  }
  if (dialect.grpc) {
    net::Response response;
    response.body = std::move(body);
    return response;
  }
  return WithBrowserHeaders(dialect, Encoded(dialect, 200, std::move(body)));
}

net::Response ErrorReply(const Dialect& dialect, const Error& error, int retry_after_s) {
  const CodeReply& reply = ReplyFor(error.code);
  const bool again = error.code == Code::kResourceExhausted || error.code == Code::kUnavailable;
  const int after_s = again ? retry_after_s : 0;
  if (dialect.grpc) return GrpcError(reply.grpc, error.message, after_s);
  return HttpError(dialect, reply.http, reply.grpc, error.message, after_s);
}

// A client must not send it again as it is: HTTP 413, and gRPC RESOURCE_EXHAUSTED without a
// RetryInfo.
net::Response TooLargeReply(const Dialect& dialect) {
  constexpr std::string_view kMessage = "the body is larger than this server takes";
  const int code = ReplyFor(Code::kResourceExhausted).grpc;
  if (dialect.grpc) return GrpcError(code, kMessage, 0);
  return HttpError(dialect, 413, code, kMessage, 0);
}

net::Response UnsupportedTypeReply(const Dialect& dialect) {
  return WithBrowserHeaders(
      dialect,
      net::Response::Text(415, "OTLP bodies are application/x-protobuf or application/json\n"));
}

}  // namespace skep::otlp
