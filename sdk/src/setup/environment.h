// SPDX-License-Identifier: Apache-2.0
// EnvironmentReader: variables as values. An empty variable is as none (OpenTelemetry's
// "Environment Variable Specification"); one that cannot be read is a diagnostic and the default.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "skep/sdk/sdk.h"

namespace skep::sdk {

class EnvironmentReader {
 public:
  explicit EnvironmentReader(const SdkOptions::Environment& get) : get_(get) {}

  // Empty if there is none.
  std::string Text(const char* name) const;
  // The first of these that is set; empty if there is none.
  std::string FirstText(std::initializer_list<const char*> names) const;
  bool Has(const char* name) const { return !Text(name).empty(); }
  // "true" in any case is true, "false" is false.
  bool Truth(const char* name, bool otherwise) const;
  uint64_t Number(const char* name, uint64_t otherwise, uint64_t min, uint64_t max) const;
  double Ratio(const char* name, double otherwise) const;  // 0 to 1
  std::chrono::milliseconds Millis(const char* name, std::chrono::milliseconds otherwise) const;
  // "a,b": trimmed, without empty ones.
  std::vector<std::string> List(const char* name) const;
  // "key=value,key=value", values percent-decoded, keys in lower case. One that is not well-formed
  // is left out.
  std::vector<std::pair<std::string, std::string>> Headers(const char* name) const;

  // "NAME=VALUE is WHAT; using INSTEAD"
  static void Complain(const char* name, const std::string& value, const std::string& what,
                       const std::string& instead);

 private:
  const SdkOptions::Environment& get_;
};

}  // namespace skep::sdk
