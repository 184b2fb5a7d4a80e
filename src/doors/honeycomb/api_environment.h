// SPDX-License-Identifier: Apache-2.0
// Environments, as stored objects: what keys belong to. All data is one environment's, the default
// one, which is always there. Pure but for the catalog.
#pragma once

#include <string>
#include <string_view>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

inline constexpr std::string_view kDefaultEnvironmentId = "hcaen_00000000000000000000000000";
inline constexpr std::string_view kDefaultEnvironmentName = "Default";
inline constexpr std::string_view kDefaultEnvironmentSlug = "default";

struct EnvironmentNames {
  std::string name;
  std::string slug;
};
// Empty ones if it is gone.
Result<EnvironmentNames> NamesOfEnvironment(const ApiCall& call, std::string_view id);

// The default one, made if it is not there yet.
Result<Document> DefaultEnvironment(const ApiCall& call);

}  // namespace skep::honeycomb
