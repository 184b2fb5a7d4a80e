// SPDX-License-Identifier: Apache-2.0
#include "net/http1_head.h"

#include <fmt/format.h>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>
#include <limits>
#include <utility>

#include "base/ascii.h"
#include "wire/url.h"

namespace skep::net {
namespace {

namespace http = boost::beast::http;
using BeastView = boost::beast::string_view;
using boost::system::error_code;

constexpr size_t kHeadersMax = 256;

std::string_view View(BeastView text) { return {text.data(), text.size()}; }

Error Bad(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

// Collects what Beast finds in a head that lies before it as a whole; bodies are none of its
// matter.
class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(size_t block_size) {
    eager(false);
    header_limit(static_cast<uint32_t>(block_size + 1));
    body_limit(std::numeric_limits<uint64_t>::max());
  }

  Headers headers;
  std::string method;
  std::string target;
  int version = 0;  // 11 for HTTP/1.1

 private:
  void on_request_impl(http::verb, BeastView method_text, BeastView target_text, int http_version,
                       error_code&) override {
    method = View(method_text);
    target = View(target_text);
    version = http_version;
  }
  void on_field_impl(http::field, BeastView name, BeastView value, error_code& error) override {
    if (headers.size() == kHeadersMax) {
      error = http::make_error_code(http::error::header_limit);
      return;
    }
    headers.emplace_back(ToLower(View(name)), View(value));
  }
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<uint64_t> const&, error_code&) override {}
  size_t on_body_impl(BeastView, error_code&) override { return 0; }
  void on_chunk_header_impl(uint64_t, BeastView, error_code&) override {}
  size_t on_chunk_body_impl(uint64_t, BeastView, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}
};

// A line that begins with white space goes on with the header before it (RFC 9112 section 5.2):
// servers disagree about those. Neither may a line end without a carriage return, or hold one
// elsewhere, or a zero.
Status CheckLines(std::string_view block) {
  for (size_t at = 0; at < block.size(); ++at) {
    const char c = block[at];
    if (c == '\0') return Bad("a header holds a zero byte");
    if (c == '\r' && (at + 1 == block.size() || block[at + 1] != '\n'))
      return Bad("a stray carriage return");
    if (c != '\n') continue;
    if (at == 0 || block[at - 1] != '\r') return Bad("a line ends without a carriage return");
    const char next = at + 1 < block.size() ? block[at + 1] : '\r';
    if (next == ' ' || next == '\t') return Bad("a header is folded");
  }
  return {};
}

// Whether the first line ends in a version of HTTP, be it one that exists or not.
bool NamesHttp(std::string_view block) {
  const std::string_view line = block.substr(0, block.find('\r'));
  const size_t space = line.rfind(' ');
  return space != std::string_view::npos && line.substr(space + 1).starts_with("HTTP/") &&
         line.find(' ') != space && line.find(' ', line.find(' ') + 1) == space;
}

// What decides where the body ends must be said once and plainly.
Status CheckFraming(const Http1Head& head) {
  size_t hosts = 0;
  size_t lengths = 0;
  size_t codings = 0;
  for (const auto& [name, value] : head.headers) {
    if (name == "host") ++hosts;
    if (name == "content-length") {
      ++lengths;
      if (value.find_first_not_of("0123456789") != std::string::npos || value.empty())
        return Bad("content-length is no number");
    }
    if (name == "transfer-encoding") {
      ++codings;
      if (ToLower(value) != "chunked") return Bad("this transfer-encoding is not supported");
    }
  }
  if (hosts > 1 || (hosts == 0 && !head.http10)) return Bad("a request must have one host");
  if (lengths > 1 || codings > 1 || (lengths != 0 && codings != 0))
    return Bad("the length of the body is said twice");
  if (codings != 0 && head.http10) return Bad("HTTP/1.0 has no transfer-encoding");
  return {};
}

void AppendHeader(std::string_view name, std::string_view value, std::string* out) {
  out->append(name).append(": ");
  for (const char c : value) out->push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  out->append("\r\n");
}

}  // namespace

std::optional<size_t> FindHeadEnd(std::string_view bytes, size_t* searched) {
  const size_t from = *searched < 3 ? 0 : *searched - 3;
  const size_t at = bytes.find("\r\n\r\n", from);
  if (at != std::string_view::npos) return at + 4;
  *searched = bytes.size();
  return std::nullopt;
}

Result<Http1Head> ParseHttp1Head(std::string_view block) {
  SKEP_TRY(CheckLines(block));
  HeadParser parser(block.size());
  error_code error;
  parser.put(boost::asio::const_buffer(block.data(), block.size()), error);
  if (error == http::error::bad_version && NamesHttp(block))
    return Error(Code::kUnimplemented, "this version of HTTP is not supported");
  if (error || !parser.is_header_done())
    return Bad(fmt::format("the request is malformed: {}",
                           error ? error.message() : "its head is cut short"));
  Http1Head head;
  head.method = std::move(parser.method);
  head.headers = std::move(parser.headers);
  head.http10 = parser.version == 10;
  if (!head.http10 && parser.version != 11)
    return Error(Code::kUnimplemented, "this version of HTTP is not supported");
  SKEP_TRY(CheckFraming(head));
  SKEP_ASSIGN(RequestTarget target, ParseRequestTarget(parser.target));
  head.path = std::move(target.path);
  head.query = std::move(target.query);
  head.target = head.path;
  if (!head.query.empty()) head.target.append("?").append(head.query);
  head.keep_alive = parser.keep_alive();
  head.chunked = parser.chunked();
  if (const auto length = parser.content_length()) head.content_length = *length;
  for (const auto& [name, value] : head.headers) {
    if (name != "expect" || head.http10) continue;
    if (ToLower(value) != "100-continue")
      return Error(Code::kFailedPrecondition, "this expectation is not supported");
    head.expects_continue = true;
  }
  return head;
}

int StatusOfHeadError(const Error& error) {
  if (error.code == Code::kUnimplemented) return 505;
  if (error.code == Code::kFailedPrecondition) return 417;
  return 400;
}

std::string RenderHttp1Head(const Response& response, const ResponseFraming& framing) {
  std::string out;
  out.reserve(256);
  const BeastView reason =
      http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, View(reason));
  for (const auto& [name, value] : response.headers) AppendHeader(name, value, &out);
  if (StatusHasBody(response.status))
    fmt::format_to(std::back_inserter(out), "content-length: {}\r\n", framing.content_length);
  AppendHeader("date", framing.date, &out);
  if (framing.close) {
    out.append("connection: close\r\n");
  } else if (framing.http10) {
    out.append("connection: keep-alive\r\n");
  }
  return out.append("\r\n");
}

bool StatusHasBody(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace skep::net
