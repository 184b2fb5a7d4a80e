// SPDX-License-Identifier: Apache-2.0
// The pieces of URLs and Host headers that are recorded, without what must not be. Pure; views
// point into what was given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skep::sdk::http {

struct Authority {
  std::string_view host;  // without the brackets of an IPv6 address
  uint16_t port = 0;      // 0: not said
};

// "example.com:80", "[::1]:80", "example.com".
Authority ParseAuthority(std::string_view text);

struct UrlParts {
  std::string_view scheme;
  std::string_view authority;  // without user and password
  std::string_view path;
  std::string_view query;
};

// Of an absolute URL; nothing for anything else.
std::optional<UrlParts> ParseUrl(std::string_view url);

uint16_t DefaultPort(std::string_view scheme);  // 80, 443; 0 for others

// The query with the values of AWSAccessKeyId, Signature, sig and X-Goog-Signature as REDACTED, as
// OpenTelemetry's conventions for url.query say.
std::string RedactQuery(std::string_view query);
// The URL with user and password as REDACTED, and its query so.
std::string RedactUrl(std::string_view url);

// The client that Forwarded (RFC 7239) or X-Forwarded-For names first; empty if none does.
std::string_view ForwardedFor(std::string_view forwarded, std::string_view x_forwarded_for);

// GET and the others that RFC 9110 and RFC 5789 define; anything else is recorded as _OTHER.
bool IsKnownMethod(std::string_view method);

}  // namespace skep::sdk::http
