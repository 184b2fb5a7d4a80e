// SPDX-License-Identifier: Apache-2.0
#include "xray/daemon_address.h"

#include <charconv>
#include <cstdlib>
#include <vector>

namespace skep::sdk::xray {
namespace {

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const size_t end = text.find(' ');
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end);
  }
}

std::optional<Endpoint> ParseEndpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.front() == '[') {
    if (host.back() != ']' || host.size() < 3) return std::nullopt;
    host = host.substr(1, host.size() - 2);
  }
  Endpoint endpoint{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc() || end != port.data() + port.size() || endpoint.port == 0)
    return std::nullopt;
  return endpoint;
}

}  // namespace

std::string Endpoint::UrlAuthority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<DaemonAddress> DaemonAddress::Parse(std::string_view text) {
  const std::vector<std::string_view> words = Words(text);
  if (words.size() == 1) {
    const std::optional<Endpoint> both = ParseEndpoint(words[0]);
    if (!both) return std::nullopt;
    return DaemonAddress{*both, *both};
  }
  if (words.size() != 2) return std::nullopt;
  std::optional<Endpoint> udp;
  std::optional<Endpoint> tcp;
  for (const std::string_view word : words) {
    if (word.starts_with("udp:")) udp = ParseEndpoint(word.substr(4));
    if (word.starts_with("tcp:")) tcp = ParseEndpoint(word.substr(4));
  }
  if (!udp || !tcp) return std::nullopt;
  return DaemonAddress{*udp, *tcp};
}

std::string DaemonAddressText(std::string_view configured) {
  const char* environment = std::getenv("AWS_XRAY_DAEMON_ADDRESS");
  if (environment != nullptr && *environment != '\0') return environment;
  return configured.empty() ? "127.0.0.1:2000" : std::string(configured);
}

}  // namespace skep::sdk::xray
