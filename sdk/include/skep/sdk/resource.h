// SPDX-License-Identifier: Apache-2.0
// Resource: who is speaking: service.name, host.name, process.pid and more, the same for all that a
// process sends. A value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace skep::sdk {

struct Resource {
  std::map<std::string, std::variant<std::string, int64_t, double, bool>, std::less<>> attributes;

  // telemetry.sdk.*, host.name, process.pid, process.executable.name and service.name
  // ("unknown_service:NAME"), then OTEL_RESOURCE_ATTRIBUTES (percent-decoded), then
  // OTEL_SERVICE_NAME, which wins.
  static Resource FromEnvironment();
  std::string ServiceName() const;
};

}  // namespace skep::sdk
