// SPDX-License-Identifier: Apache-2.0
#include "net/refusal.h"

namespace skep::net {
namespace {

Response Plain(const Request& request, const Error& error) {
  const bool too_large = error.code == Code::kOutOfRange;
  if (request.grpc) {
    Response response;
    response.grpc_status = ReplyFor(too_large ? Code::kResourceExhausted : error.code).grpc;
    response.grpc_message = error.message;
    return response;
  }
  return Response::Text(too_large ? 413 : ReplyFor(error.code).http, error.message + "\n");
}

}  // namespace

Response Refuse(const Route* route, Request* request, const Error& error) {
  request->body = Bytes();
  if (route != nullptr && route->on_error) return route->on_error(*request, error);
  return Plain(*request, error);
}

Response RefuseEncoding(const Route* route, Request* request) {
  if (request->grpc)  // the connection says with each answer which ones are
    return Refuse(route, request, {Code::kUnimplemented, "this grpc-encoding is not supported"});
  Response response =
      Refuse(route, request, {Code::kInvalidArgument, "this content-encoding is not supported"});
  response.status = 415;
  response.headers.emplace_back("accept-encoding", "gzip, deflate, zstd");
  return response;
}

}  // namespace skep::net
