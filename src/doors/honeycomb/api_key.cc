// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_key.h"

#include <random>
#include <utility>

#include "base/ascii.h"
#include "doors/honeycomb/api_stored.h"
#include "wire/sha256.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kKeyIdSize = 32;  // hcaik_ and 26 more

// hcaik_, hcbik_ ...: what is an ingest key (`i`), a configuration key (`l`), a management key
// (`m`).
bool HasPrefix(std::string_view id, char kind) {
  return id.size() > 6 && id.starts_with("hc") && IsLetter(id[2]) && id[3] == kind &&
         id.substr(4, 2) == "k_";
}

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
      !HasPrefix(value.substr(0, colon), 'm'))
    return call->Refuse(InvalidKey());
  call->api_key.name = value.substr(0, colon);
  return {};
}

Status CheckTeamKey(ApiCall* call) {
  std::string_view key = call->request.Header("x-honeycomb-team");
  if (key.empty()) key = call->request.Header("x-hny-team");
  if (key.empty()) return call->Refuse(UnauthorizedProblem());
  auto found = call->documents().Find(DocumentKind::kApiKey, call->project(), {}, KeyName(key));
  if (!found && found.error().code != Code::kNotFound) return Error(std::move(found.error()));
  if (found) {
    call->api_key = std::move(*found);
    SKEP_ASSIGN(const JsonDocument body, BodyOf(call->api_key));
    if (body.root()["disabled"].boolean()) return call->Refuse(UnauthorizedProblem());
    return {};
  }
  if (!HasPrefix(key, 'i') || key.size() < kKeyIdSize) return {};
  // A key that was made here, with another secret.
  const auto same_id = call->documents().Get(DocumentKind::kApiKey, call->project(),
                                             std::string(key.substr(0, kKeyIdSize)));
  if (same_id) return call->Refuse(UnauthorizedProblem());
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

std::string KeyText(const std::string& id, const std::string& key_type, const std::string& secret) {
  return key_type == "ingest" ? id + secret : secret;
}

std::string KeyName(std::string_view key_text) { return Sha256Hex(key_text); }

Status CheckKey(ApiCall* call) {
  return call->request.path.starts_with("/2/") ? CheckManagementKey(call) : CheckTeamKey(call);
}

}  // namespace skep::honeycomb
