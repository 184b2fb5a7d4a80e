// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_parameter.h"

#include <charconv>
#include <string>

#include "wire/url.h"

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
  const auto value = FindQueryParameter(call.request.query, name);
  return value && (value->empty() || *value == "true");
}

}  // namespace skep::honeycomb
