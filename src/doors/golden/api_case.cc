// SPDX-License-Identifier: Apache-2.0
#include "doors/golden/api_case.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/hex.h"
#include "doors/golden/fake_sink.h"
#include "model/canonical.h"

namespace skep::golden {
namespace {

std::optional<Code> CodeNamed(std::string_view name) {
  for (int code = 1; code <= 16; ++code)
    if (ReplyFor(static_cast<Code>(code)).name == name) return static_cast<Code>(code);
  return std::nullopt;
}

Error Bad(std::string message) { return Error(Code::kInvalidArgument, std::move(message)); }

std::string_view TakeLine(std::string_view* text) {
  const size_t end = text->find('\n');
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  return line;
}

Result<net::Request> ReadRequest(const Section& section) {
  std::string_view text = section.text;
  const std::string_view start = TakeLine(&text);
  const size_t space = start.find(' ');
  if (space == std::string_view::npos) return Bad("a request begins with METHOD TARGET");
  net::Request request;
  request.method = start.substr(0, space);
  request.target = start.substr(space + 1);
  if (request.method == "GRPC") {
    request.method = "POST";
    request.grpc = true;
  }
  const size_t question = std::min(request.target.find('?'), request.target.size());
  request.path = request.target.substr(0, question);
  if (question < request.target.size()) request.query = request.target.substr(question + 1);
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    if (line.empty()) break;
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return Bad("no header: " + std::string(line));
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  SKEP_ASSIGN(request.body, ReadBytes(section.argument, text));
  request.peer_address = "127.0.0.1";
  request.receive_time_ns = kReceiveTimeNs;
  return request;
}

// What a `response` section must name.
std::string StatusOf(bool grpc, const net::Response& response) {
  return std::to_string(grpc ? response.grpc_status : response.status);
}

std::string RenderResponse(bool grpc, net::Response response) {
  std::string out;
  if (grpc) {
    out = "grpc " + std::to_string(response.grpc_status) + " " + response.grpc_message;
    if (response.grpc_message.empty()) out.pop_back();
    if (!response.grpc_details.empty()) {
      out += "\ndetails: ";
      AppendHex(reinterpret_cast<const uint8_t*>(response.grpc_details.data()),
                response.grpc_details.size(), &out);
    }
  } else {
    out = std::to_string(response.status);
  }
  std::sort(response.headers.begin(), response.headers.end());
  for (const auto& [name, value] : response.headers) out += "\n" + name + ": " + value;
  const std::string& body = response.shared_body ? *response.shared_body : response.body;
  if (!body.empty()) out += "\n\n" + Printable(body);
  return out;
}

// The state of one case.
class Player {
 public:
  explicit Player(const Harness& harness) { harness.register_routes(router_, sink_, counters_); }

  Status Play(Section* section) {
    if (section->name == "request") return PlayRequest(*section);
    if (section->name == "sink") return SetSink(section->argument);
    if (section->name == "transport") {
      transport_ = CodeNamed(section->argument);
      return transport_ ? Status() : Bad("unknown code " + section->argument);
    }
    if (section->name == "response") {
      section->text = std::exchange(response_, "no request came before this response");
      if (section->argument == status_) return {};
      return Bad("expected status " + section->argument + ", got " + section->text);
    }
    if (section->name == "stored") {
      section->text.clear();
      for (const Submission& submission : sink_.Take())
        section->text += Canonical(submission.batch);
      if (section->text.ends_with('\n')) section->text.pop_back();
      return {};
    }
    return Bad("unknown section " + section->name);
  }

 private:
  Status SetSink(std::string_view name) {
    if (name == "ok") {
      sink_.Refuse(std::nullopt);
      return {};
    }
    const auto code = CodeNamed(name);
    if (!code) return Bad("unknown code " + std::string(name));
    sink_.Refuse(Error(*code, "the sink says no"));
    return {};
  }

  Status PlayRequest(const Section& section) {
    SKEP_ASSIGN(net::Request request, ReadRequest(section));
    const net::Route* route = router_.Match(request);
    const bool grpc = request.grpc;
    response_ = "no response was sent";
    if (transport_) {
      const Error error(*std::exchange(transport_, std::nullopt), "refused by the listener");
      if (!route->on_error) return Bad("the route does not render errors of the listener");
      Answer(grpc, route->on_error(request, error));
      return {};
    }
    route->handler(std::move(request), net::Responder([this, grpc](net::Response response) {
                     Answer(grpc, std::move(response));
                   }));
    return {};
  }

  void Answer(bool grpc, net::Response response) {
    status_ = StatusOf(grpc, response);
    response_ = RenderResponse(grpc, std::move(response));
  }

  FakeSink sink_;
  Counters counters_;
  net::Router router_;
  std::optional<Code> transport_;
  std::string status_;
  std::string response_ = "no request came before this response";
};

}  // namespace

Result<CaseFile> PlayApiCase(const CaseFile& file, const Harness& harness) {
  if (!harness.register_routes) return Bad("the door's harness has no routes");
  CaseFile played = file;
  Player player(harness);
  for (Section& section : played.sections) SKEP_TRY(player.Play(&section));
  return played;
}

}  // namespace skep::golden
