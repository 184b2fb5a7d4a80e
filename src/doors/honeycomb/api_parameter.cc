// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_parameter.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace skep::honeycomb {
namespace {

Problem BadParameter(const ApiCall& call, const std::string& name) {
  if (!call.request.path.starts_with("/2/"))
    return InvalidProblem({{name, "invalid", "is not valid"}});
  Problem problem;
  problem.status = 422;
  problem.type = "validation-failed/invalid";
  problem.title = "parameter is invalid";
  problem.error = name + " is not valid";
  problem.parameter = name;
  return problem;
}

}  // namespace

Result<int64_t> NumberParameter(ApiCall* call, const char* name, int64_t min, int64_t max,
                                int64_t otherwise) {
  const std::string text = call->request.QueryParameter(name);
  if (text.empty()) return otherwise;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < min || number > max)
    return call->Refuse(BadParameter(*call, name));
  return number;
}

bool FlagParameter(const ApiCall& call, std::string_view name) {
  std::string_view rest = call.request.query;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!part.starts_with(name)) continue;
    const std::string_view value = part.substr(name.size());
    if (value.empty() || value == "=" || value == "=true") return true;
  }
  return false;
}

}  // namespace skep::honeycomb
