// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/header_text.h"

namespace skep::sdk::http {
namespace {

constexpr std::array<std::string_view, 9> kMethods{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                   "CONNECT", "OPTIONS", "TRACE", "PATCH"};
constexpr std::array<std::string_view, 4> kSecrets{"AWSAccessKeyId", "Signature", "sig",
                                                   "X-Goog-Signature"};
constexpr std::string_view kRedacted = "REDACTED";

uint16_t ParsePort(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() ? port : uint16_t{0};
}

bool SameLetter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b);
}

// `for="[2001:db8::1]:4711"` to the address.
std::string_view NodeAddress(std::string_view node) {
  node = TrimBlanks(node);
  if (node.size() >= 2 && node.front() == '"' && node.back() == '"') {
    node = node.substr(1, node.size() - 2);
  }
  // An IPv6 address without brackets has many colons and no port.
  if (std::count(node.begin(), node.end(), ':') > 1 && !node.starts_with('[')) return node;
  return ParseAuthority(node).host;
}

}  // namespace

Authority ParseAuthority(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return {text, 0};
    const std::string_view after = text.substr(close + 1);
    return {text.substr(1, close - 1),
            after.starts_with(':') ? ParsePort(after.substr(1)) : uint16_t{0}};
  }
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {text, 0};
  return {text.substr(0, colon), ParsePort(text.substr(colon + 1))};
}

std::optional<UrlParts> ParseUrl(std::string_view url) {
  const size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return std::nullopt;
  UrlParts parts;
  parts.scheme = url.substr(0, scheme_end);
  std::string_view rest = url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  parts.authority = rest.substr(0, authority_end);
  if (const size_t at = parts.authority.rfind('@'); at != std::string_view::npos) {
    parts.authority.remove_prefix(at + 1);
  }
  if (parts.authority.empty()) return std::nullopt;
  rest.remove_prefix(authority_end);
  const size_t question = std::min(rest.find('?'), rest.size());
  parts.path = rest.substr(0, question);
  if (question < rest.size()) parts.query = rest.substr(question + 1);
  return parts;
}

uint16_t DefaultPort(std::string_view scheme) {
  if (scheme == "http") return 80;
  return scheme == "https" ? uint16_t{443} : uint16_t{0};
}

std::string RedactQuery(std::string_view query) {
  std::string out;
  out.reserve(query.size());
  while (true) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const size_t equals = std::min(pair.find('='), pair.size());
    const bool secret =
        std::find(kSecrets.begin(), kSecrets.end(), pair.substr(0, equals)) != kSecrets.end();
    if (secret && equals < pair.size()) {
      out.append(pair.substr(0, equals + 1)).append(kRedacted);
    } else {
      out.append(pair);
    }
    if (end == query.size()) return out;
    out += '&';
    query.remove_prefix(end + 1);
  }
}

std::string RedactUrl(std::string_view url) {
  const std::optional<UrlParts> parts = ParseUrl(url);
  if (!parts) return std::string(url);
  std::string out(parts->scheme);
  out += "://";
  const char* const authority_start = url.data() + parts->scheme.size() + 3;
  if (parts->authority.data() != authority_start) out.append("REDACTED:REDACTED@");
  out.append(parts->authority).append(parts->path);
  if (!parts->query.empty()) out.append("?").append(RedactQuery(parts->query));
  return out;
}

std::string_view ForwardedFor(std::string_view forwarded, std::string_view x_forwarded_for) {
  std::string_view first = forwarded.substr(0, forwarded.find(','));
  while (!first.empty()) {
    const size_t end = std::min(first.find(';'), first.size());
    const std::string_view pair = TrimBlanks(first.substr(0, end));
    constexpr std::string_view kFor = "for=";
    if (pair.size() > kFor.size() &&
        std::equal(kFor.begin(), kFor.end(), pair.begin(), SameLetter)) {
      return NodeAddress(pair.substr(kFor.size()));
    }
    first.remove_prefix(std::min(end + 1, first.size()));
  }
  return NodeAddress(x_forwarded_for.substr(0, x_forwarded_for.find(',')));
}

bool IsKnownMethod(std::string_view method) {
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

}  // namespace skep::sdk::http
