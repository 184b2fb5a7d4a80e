// SPDX-License-Identifier: Apache-2.0
// DaemonAddress: where the X-Ray daemon listens, as AWS_XRAY_DAEMON_ADDRESS says it: "host:port"
// for both protocols, or "tcp:host:port udp:host:port" in either order. IPv6 addresses stand in
// brackets or without
// (docs.aws.amazon.com/xray/latest/devguide/xray-sdk-python-configuration.html). A value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skep::sdk::xray {

struct Endpoint {
  std::string host;  // without brackets
  uint16_t port = 0;
  std::string UrlAuthority() const;  // "[::1]:2000"
  bool operator==(const Endpoint&) const = default;
};

struct DaemonAddress {
  Endpoint udp;
  Endpoint tcp;
  static std::optional<DaemonAddress> Parse(std::string_view text);
};

// AWS_XRAY_DAEMON_ADDRESS, else `configured`, else 127.0.0.1:2000.
std::string DaemonAddressText(std::string_view configured);

}  // namespace skep::sdk::xray
