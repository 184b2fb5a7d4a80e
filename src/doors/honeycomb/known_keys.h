// SPDX-License-Identifier: Apache-2.0
// KnownKeys: the keys that were made here (over version 2), and what one that a client sends may
// write: nothing if it is disabled, or has the id of one of them and another secret; else what its
// permissions say. A key of which nothing is known may write everything. A document of kind kApiKey
// has as its name the SHA-256 of what clients send, and in its body no secret. Every write asks, so
// that answers are remembered: who makes, changes or deletes such a document calls Forget.
// Thread-safe. https://docs.honeycomb.io/api/permissions
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/guarded.h"
#include "base/result.h"
#include "catalog/documents.h"

namespace skep::honeycomb {

// What is said of a key that is not good, or is missing.
inline constexpr char kUnknownKey[] = "unknown API key - check your credentials";

struct WriteAccess {
  bool known = true;  // false: it is not good for anything
  bool send_events = true;
  bool create_datasets = true;  // by an event of one that is not there yet
};
// The refusal of what must not send, in Honeycomb's words: kUnauthenticated, kPermissionDenied.
Status CheckSends(const WriteAccess& access);

struct KnownKey {
  std::optional<Document> document{};  // nothing: not one of ours
  WriteAccess access{};
};

class KnownKeys {
 public:
  static constexpr size_t kRememberedMax = 10'000;

  explicit KnownKeys(Documents* documents) : documents_(documents) {}

  Result<KnownKey> Find(const std::string& project, std::string_view key_text) const;
  // The same for who needs no more.
  Result<WriteAccess> AccessOf(const std::string& project, std::string_view key_text);
  void Forget();

 private:
  struct Remembered {
    std::map<std::pair<std::string, std::string>, WriteAccess> access;  // by project and name
    uint64_t forgotten = 0;  // how often: what was read before is not kept after it
  };

  Documents* const documents_;
  Guarded<Remembered> remembered_;
};

// hcaik_, hcbik_ ...: what is an ingest key (`i`), a configuration key (`l`), a management key
// (`m`).
bool HasKeyPrefix(std::string_view id, char kind);
// What `X-Honeycomb-Team` says for the key of this id: an ingest key's id stands before its secret.
std::string KeyText(const std::string& id, const std::string& key_type, const std::string& secret);
// How such a text is found again.
std::string KeyName(std::string_view key_text);

}  // namespace skep::honeycomb
