// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_key.h"

#include <random>
#include <utility>

#include "doors/honeycomb/known_keys.h"

namespace skep::honeycomb {
namespace {

Problem InvalidKey() {
  Problem problem = UnauthorizedProblem();
  problem.type = "unauthenticated/invalid-key";
  problem.title = "invalid API key";
  problem.error = "The API key is missing or not valid.";
  problem.header = "Authorization";
  return problem;
}

// Version 2: `Authorization: Bearer ID:SECRET` of a management key.
Status CheckManagementKey(ApiCall* call) {
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view value = call->request.Header("authorization");
  if (!value.starts_with(kScheme)) return call->Refuse(InvalidKey());
  value.remove_prefix(kScheme.size());
  const size_t colon = value.find(':');
  if (colon == std::string_view::npos || colon + 1 == value.size() ||
      !HasKeyPrefix(value.substr(0, colon), 'm'))
    return call->Refuse(InvalidKey());
  call->api_key.name = value.substr(0, colon);
  return {};
}

Status CheckTeamKey(ApiCall* call) {
  std::string_view key = call->request.Header("x-honeycomb-team");
  if (key.empty()) key = call->request.Header("x-hny-team");
  if (key.empty()) return call->Refuse(UnauthorizedProblem());
  SKEP_ASSIGN(KnownKey known, call->parts.keys->Find(call->project(), key));
  if (!known.access.known) return call->Refuse(UnauthorizedProblem());
  if (known.document) call->api_key = std::move(*known.document);
  return {};
}

}  // namespace

std::string RandomText(size_t length) {
  static constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::random_device device;
  std::uniform_int_distribution<size_t> digit(0, kDigits.size() - 1);
  std::string text(length, '0');
  for (char& character : text) character = kDigits[digit(device)];
  return text;
}

Status CheckKey(ApiCall* call) {
  return call->request.path.starts_with("/2/") ? CheckManagementKey(call) : CheckTeamKey(call);
}

}  // namespace skep::honeycomb
