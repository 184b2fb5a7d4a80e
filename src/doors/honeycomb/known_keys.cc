// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/known_keys.h"

#include "base/ascii.h"
#include "wire/json.h"
#include "wire/sha256.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kKeyIdSize = 32;  // hcaik_ and 26 more

Result<WriteAccess> AccessIn(const Document& key) {
  SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(key.body));
  const JsonView root = body.root();
  const JsonView permissions = root["permissions"];
  WriteAccess access;
  access.known = !root["disabled"].boolean();
  // Sending is what ingest keys are for.
  access.send_events = root["key_type"].text() == "ingest" || permissions["send_events"].boolean();
  access.create_datasets = permissions["create_datasets"].boolean();
  return access;
}

}  // namespace

bool HasKeyPrefix(std::string_view id, char kind) {
  return id.size() > 6 && id.starts_with("hc") && IsLetter(id[2]) && id[3] == kind &&
         id.substr(4, 2) == "k_";
}

std::string KeyText(const std::string& id, const std::string& key_type, const std::string& secret) {
  return key_type == "ingest" ? id + secret : secret;
}

std::string KeyName(std::string_view key_text) { return Sha256Hex(key_text); }

Status CheckSends(const WriteAccess& access) {
  if (!access.known) return Error(Code::kUnauthenticated, kUnknownKey);
  if (!access.send_events)
    return Error(Code::kPermissionDenied,
                 "This API key does not have the permission to send events.");
  return {};
}

Result<KnownKey> KnownKeys::Find(const std::string& project, std::string_view key_text) const {
  auto found = documents_->Find(DocumentKind::kApiKey, project, {}, KeyName(key_text));
  if (found) {
    SKEP_ASSIGN(const WriteAccess access, AccessIn(*found));
    return KnownKey{std::move(*found), access};
  }
  if (found.error().code != Code::kNotFound) return Error(std::move(found.error()));
  if (!HasKeyPrefix(key_text, 'i') || key_text.size() < kKeyIdSize) return KnownKey{};
  // One that was made here, with another secret.
  const auto same_id =
      documents_->Get(DocumentKind::kApiKey, project, std::string(key_text.substr(0, kKeyIdSize)));
  if (!same_id && same_id.error().code != Code::kNotFound) return same_id.error();
  return KnownKey{std::nullopt, {.known = !same_id.has_value()}};
}

Result<WriteAccess> KnownKeys::AccessOf(const std::string& project, std::string_view key_text) {
  const std::pair key(project, KeyName(key_text));
  std::optional<WriteAccess> known;
  const uint64_t forgotten = remembered_.With([&](const Remembered& all) {
    if (const auto found = all.access.find(key); found != all.access.end()) known = found->second;
    return all.forgotten;
  });
  if (known) return *known;
  SKEP_ASSIGN(const KnownKey found, Find(project, key_text));
  remembered_.With([&](Remembered& all) {
    if (all.forgotten != forgotten) return;
    if (all.access.size() >= kRememberedMax) all.access.clear();
    all.access.insert_or_assign(key, found.access);
  });
  return found.access;
}

void KnownKeys::Forget() {
  remembered_.With([](Remembered& all) {
    ++all.forgotten;
    all.access.clear();
  });
}

}  // namespace skep::honeycomb
