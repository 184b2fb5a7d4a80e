// SPDX-License-Identifier: Apache-2.0
// Request, Response, Responder: one HTTP exchange as a handler sees it, the same for HTTP/1.1,
// HTTP/2 and unary gRPC. The body is complete and decompressed. Handlers run on worker threads and
// may answer later, from any thread, through the Responder.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/error.h"

namespace skep::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;        // upper case
  std::string target;        // as sent, without scheme and host: path and query
  std::string path;          // the part of target before `?`, as sent (percent-escapes kept)
  std::string query;         // the part after it
  Headers headers;           // names in lower case, in order
  Bytes body;                // decompressed; for gRPC the one message
  std::string peer_address;  // numeric, without port
  int64_t receive_time_ns = 0;
  bool grpc = false;   // path is /package.Service/Method
  CancelToken cancel;  // set when the client goes away

  std::string_view Header(std::string_view lower_case_name) const;  // empty if absent
  bool HasHeader(std::string_view lower_case_name) const;
  // Value of a query parameter, percent-decoded (`+` is a space); empty if absent.
  std::string QueryParameter(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;   // names as to be sent; content-length and date are added
  std::string body;  // for gRPC the one message
  std::shared_ptr<const std::string>
      shared_body;  // shared: static files; used instead of body when set
  // gRPC only; 0 is success. The message goes out as grpc-message; details as
  // grpc-status-details-bin.
  int grpc_status = 0;
  std::string grpc_message;
  std::string grpc_details;

  static Response Text(int status, std::string body,
                       std::string content_type = "text/plain; charset=utf-8");
  static Response Json(int status, std::string body);
};

// What a browser asks before it posts to a door from another site's page: any site may. `headers`
// are allowed where it does not say which it wants.
Response PreflightReply(const Request& request, std::string headers);

// Sends the answer of one exchange. Movable; Send at most once, from any thread; destroyed unsent
// it answers 500.
class Responder {
 public:
  using SendFunction = std::function<void(Response)>;
  Responder() = default;
  explicit Responder(SendFunction send) : send_(std::move(send)) {}
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();
  void Send(Response response);

 private:
  SendFunction send_;
};

using Handler = std::function<void(Request, Responder)>;
// Says a transport-level refusal in the vendor's words: body too large (kOutOfRange), bad
// compression (kInvalidArgument), workers busy (kResourceExhausted), unknown path or method
// (kNotFound, kUnimplemented). The request has no body then.
using ErrorRenderer = std::function<Response(const Request&, const Error&)>;

// std::function must be copyable and Responder is not: wraps one for an AckFunction and the like.
inline std::shared_ptr<Responder> Share(Responder responder) {
  return std::make_shared<Responder>(
      std::move(responder));  // shared: the callback is copied with it
}

}  // namespace skep::net
