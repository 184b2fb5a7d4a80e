// SPDX-License-Identifier: Apache-2.0
// ItemsObserver: counts every committed error occurrence on its item in the catalog, whichever door
// it came through. It knows them by their signal and their column `item`; the rest is read from the
// record's attributes. One transaction per block. Thread-safe: Extract runs on submitting threads,
// Apply and Settle on the committing one.
#pragma once

#include <memory>

#include "catalog/items.h"
#include "ingest/pending_effects.h"
#include "ingest/sink.h"

namespace skep {

// The attributes that carry what has no column; doors that make occurrences set them.
namespace error_attributes {
inline constexpr std::string_view kFingerprint = "error.fingerprint";
inline constexpr std::string_view kEnvironment = "environment";
inline constexpr std::string_view kLevel = "level";
inline constexpr std::string_view kPlatform = "platform";
inline constexpr std::string_view kFramework = "framework";
inline constexpr std::string_view kLanguage = "language";
inline constexpr std::string_view kExceptionType = "exception.type";
inline constexpr std::string_view kPersonId = "enduser.id";
inline constexpr std::string_view kCodeVersion = "rollbar.code_version";
inline constexpr std::string_view kServiceVersion = "service.version";
}  // namespace error_attributes

class ItemsObserver : public CommitObserver {
 public:
  // `items` must outlive it.
  explicit ItemsObserver(Items* items) : items_(items) {}

  std::unique_ptr<CommitEffect> Extract(const RecordBatch& batch,
                                        const RequestInfo& request) override;
  Status Settle() override;

 private:
  class Effect;

  Items* items_;
  PendingEffects<ItemBatch> pending_{"errors"};
};

}  // namespace skep
