// SPDX-License-Identifier: Apache-2.0
#include "errors/items_observer.h"

#include <string>
#include <utility>

#include "errors/grouping.h"
#include "errors/item_state.h"
#include "errors/sha1.h"

namespace skep {
namespace {

std::string TextOf(const RecordBatch& batch, const Record& record, std::string_view name) {
  const Value* value = batch.Find(record, name);
  if (value == nullptr || value->type() != ValueType::kString) return {};
  return std::string(value->text());
}

// Who was hit, as a number; people are known by their id within a project.
uint64_t PersonOf(const RecordBatch& batch, const Record& record, std::string_view project) {
  const std::string id = TextOf(batch, record, error_attributes::kPersonId);
  if (id.empty()) return 0;
  return Sha1Id(std::string(project) + '\x1f' + id);
}

ItemOccurrence OccurrenceOf(const RecordBatch& batch, const Record& record,
                            const RequestInfo& request, size_t row) {
  const auto text = [&](std::string_view name) { return TextOf(batch, record, name); };
  ItemOccurrence occurrence;
  occurrence.item = record.item;
  occurrence.project = request.project;
  occurrence.environment = text(error_attributes::kEnvironment);
  occurrence.fingerprint = text(error_attributes::kFingerprint);
  occurrence.grouping_version = kGroupingVersion;
  occurrence.title = record.name;
  occurrence.level = ItemLevelFromName(text(error_attributes::kLevel)).value_or(ItemLevel::kError);
  occurrence.platform = text(error_attributes::kPlatform);
  occurrence.framework = text(error_attributes::kFramework);
  occurrence.language = text(error_attributes::kLanguage);
  occurrence.exception_class = text(error_attributes::kExceptionType);
  occurrence.door = request.door;
  occurrence.time_ns = record.time_ns;
  occurrence.received_ns = request.ingest_time_ns;
  occurrence.occurrence_id = row;  // until Apply knows the sequence
  occurrence.person = PersonOf(batch, record, request.project);
  occurrence.code_version = text(error_attributes::kCodeVersion);
  if (occurrence.code_version.empty())
    occurrence.code_version = text(error_attributes::kServiceVersion);
  return occurrence;
}

}  // namespace

class ItemsObserver::Effect : public CommitEffect {
 public:
  Effect(ItemsObserver* observer, std::vector<ItemOccurrence> occurrences)
      : observer_(observer), occurrences_(std::move(occurrences)) {}
  void Apply(uint64_t sequence) override {
    for (ItemOccurrence& occurrence : occurrences_)
      occurrence.occurrence_id = EventId(sequence, occurrence.occurrence_id);
    observer_->pending_.Add({sequence, std::move(occurrences_)});
  }

 private:
  ItemsObserver* observer_;
  std::vector<ItemOccurrence> occurrences_;
};

std::unique_ptr<CommitEffect> ItemsObserver::Extract(const RecordBatch& batch,
                                                     const RequestInfo& request) {
  std::vector<ItemOccurrence> occurrences;
  const std::vector<Record>& records = batch.records();
  for (size_t row = 0; row < records.size(); ++row) {
    if (records[row].signal == Signal::kError && records[row].item != 0)
      occurrences.push_back(OccurrenceOf(batch, records[row], request, row));
  }
  if (occurrences.empty()) return nullptr;
  return std::make_unique<Effect>(this, std::move(occurrences));
}

Status ItemsObserver::Settle() {
  return pending_.Settle(
      [&](const std::vector<ItemBatch>& batches) { return items_->Apply(batches, AddOccurrence); });
}

}  // namespace skep
