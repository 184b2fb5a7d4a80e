// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/known_keys.h"

#include "base/ascii.h"
#include "wire/json.h"
#include "wire/sha256.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kKeyIdSize = 32;  // hcaik_ and 26 more

}  // namespace

bool HasKeyPrefix(std::string_view id, char kind) {
  return id.size() > 6 && id.starts_with("hc") && IsLetter(id[2]) && id[3] == kind &&
         id.substr(4, 2) == "k_";
}

std::string KeyText(const std::string& id, const std::string& key_type, const std::string& secret) {
  return key_type == "ingest" ? id + secret : secret;
}

std::string KeyName(std::string_view key_text) { return Sha256Hex(key_text); }

Result<KnownKey> KnownKeys::Find(const std::string& project, std::string_view key_text) const {
  auto found = documents_->Find(DocumentKind::kApiKey, project, {}, KeyName(key_text));
  if (found) {
    SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(found->body));
    return KnownKey{std::move(*found), body.root()["disabled"].boolean()};
  }
  if (found.error().code != Code::kNotFound) return Error(std::move(found.error()));
  if (!HasKeyPrefix(key_text, 'i') || key_text.size() < kKeyIdSize) return KnownKey{};
  // One that was made here, with another secret.
  const auto same_id =
      documents_->Get(DocumentKind::kApiKey, project, std::string(key_text.substr(0, kKeyIdSize)));
  if (!same_id && same_id.error().code != Code::kNotFound) return same_id.error();
  return KnownKey{std::nullopt, same_id.has_value()};
}

Result<bool> KnownKeys::Refuses(const std::string& project, std::string_view key_text) {
  const std::pair key(project, KeyName(key_text));
  std::optional<bool> known;
  const uint64_t forgotten = remembered_.With([&](const Remembered& all) {
    if (const auto found = all.refused.find(key); found != all.refused.end()) known = found->second;
    return all.forgotten;
  });
  if (known) return *known;
  SKEP_ASSIGN(const KnownKey found, Find(project, key_text));
  remembered_.With([&](Remembered& all) {
    if (all.forgotten != forgotten) return;
    if (all.refused.size() >= kRememberedMax) all.refused.clear();
    all.refused.insert_or_assign(key, found.refused);
  });
  return found.refused;
}

void KnownKeys::Forget() {
  remembered_.With([](Remembered& all) {
    ++all.forgotten;
    all.refused.clear();
  });
}

}  // namespace skep::honeycomb
