// SPDX-License-Identifier: Apache-2.0
// Client: HTTP requests by libcurl, each with a client span, an X-Ray subsegment of the namespace
// `remote` where a segment is current, and the headers that let the other side continue the trace.
// Certificates are verified; redirects are not followed; of an answer's body at most 1 MiB is kept.
// One Client keeps its connections and is used by one thread at a time. It blocks for the request's
// timeout at most. Nothing here throws: what went wrong is in the response.
//
// Names as in opentelemetry.io/docs/specs/semconv/http/http-spans (1.28): statuses of 400 and more
// are errors of the caller's span.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skep/sdk/propagation.h"
#include "skep/sdk/tracer.h"
#include "skep/sdk/xray/recorder.h"

namespace skep::sdk {
class HttpClient;  // src/delivery/http_client.h
}

namespace skep::sdk::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct ClientRequest {
  std::string method = "GET";
  std::string url = {};  // absolute; user and password in it are sent, but not recorded
  Headers headers = {};
  std::string_view body = {};
  std::chrono::milliseconds timeout{10000};
};

struct ClientResponse {
  int status = 0;   // 0: there was no answer, and `error` says why
  Headers headers;  // names in lower case
  std::string body;
  std::string error;
};

class Client {
 public:
  // `propagator` and `recorder` may be null, and must outlive this, as the tracer's provider must.
  Client(Tracer tracer, const Propagator* propagator, xray::Recorder* recorder);
  // With another way to the network, for tests.
  Client(Tracer tracer, const Propagator* propagator, xray::Recorder* recorder,
         std::unique_ptr<HttpClient> http);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  ClientResponse Do(const ClientRequest& request);

 private:
  Tracer tracer_;
  const Propagator* propagator_;
  xray::Recorder* recorder_;
  std::unique_ptr<HttpClient> http_;
};

}  // namespace skep::sdk::http
