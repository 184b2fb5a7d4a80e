// SPDX-License-Identifier: Apache-2.0
#include "app/address.h"

#include <fmt/format.h>

#include <charconv>

namespace skep::app {
namespace {

Error Malformed(std::string_view text) {
  return Error(Code::kInvalidArgument,
               fmt::format("'{}' is no address; write HOST:PORT, for instance 127.0.0.1:8080, "
                           "or off",
                           text));
}

}  // namespace

Result<std::optional<net::ListenAddress>> ParseAddress(std::string_view text) {
  if (text == "off") return std::optional<net::ListenAddress>();
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return Malformed(text);
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[') {
    if (host.back() != ']') return Malformed(text);
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return Malformed(text);
  }
  const std::string_view digits = text.substr(colon + 1);
  net::ListenAddress address;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc() || end != digits.data() + digits.size() || host.empty())
    return Malformed(text);
  address.host = host;
  return std::optional(std::move(address));
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string AddressText(const net::ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), address.host, address.port);
}

}  // namespace skep::app
