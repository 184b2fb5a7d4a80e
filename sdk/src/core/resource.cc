// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/resource.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>

#include "core/header_text.h"
#include "core/json_text.h"
#include "core/percent.h"
#include "skep/sdk/diagnostics.h"

namespace skep::sdk {
namespace {

std::string HostName() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string ExecutableName() {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view whole(path.data(), size > 0 ? static_cast<size_t>(size) : 0);
  const size_t slash = whole.rfind('/');
  if (slash == std::string_view::npos) return program_invocation_short_name;
  return std::string(whole.substr(slash + 1));
}

// "key=value,key=value". One pair that is not well-formed spoils all, as the specification of the
// resource SDK says (opentelemetry.io/docs/specs/otel/resource/sdk).
std::map<std::string, std::string> Pairs(std::string_view text) {
  std::map<std::string, std::string> pairs;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view pair = TrimBlanks(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const std::string_view key = TrimBlanks(pair.substr(0, equals));
    if (equals == std::string_view::npos || key.empty()) {
      Diagnose(DiagnosticLevel::kWarn,
               "OTEL_RESOURCE_ATTRIBUTES is not KEY=VALUE,...: none of it is used");
      return {};
    }
    pairs[CleanUtf8(PercentDecode(key))] =
        CleanUtf8(PercentDecode(TrimBlanks(pair.substr(equals + 1))));
  }
  return pairs;
}

}  // namespace

Resource Resource::FromEnvironment() {
  Resource resource;
  auto& attributes = resource.attributes;
  const std::string executable = ExecutableName();
  attributes["telemetry.sdk.name"] = "skep";
  attributes["telemetry.sdk.language"] = "cpp";
  attributes["telemetry.sdk.version"] = SKEP_SDK_VERSION;
  attributes["host.name"] = HostName();
  attributes["process.pid"] = static_cast<int64_t>(getpid());
  attributes["process.executable.name"] = executable;
  attributes["service.name"] = "unknown_service:" + executable;
  if (const char* text = std::getenv("OTEL_RESOURCE_ATTRIBUTES")) {
    for (auto& [key, value] : Pairs(text)) attributes[key] = std::move(value);
  }
  const char* service = std::getenv("OTEL_SERVICE_NAME");
  if (service != nullptr && *service != '\0') attributes["service.name"] = service;
  return resource;
}

std::string Resource::ServiceName() const {
  const auto found = attributes.find("service.name");
  const auto* name = found == attributes.end() ? nullptr : std::get_if<std::string>(&found->second);
  return name == nullptr ? "" : *name;
}

}  // namespace skep::sdk
