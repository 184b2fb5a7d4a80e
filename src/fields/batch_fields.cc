// SPDX-License-Identifier: Apache-2.0
#include "fields/batch_fields.h"

#include <utility>

namespace skep::fields {
namespace {

class Counter {
 public:
  explicit Counter(const RecordBatch& batch) : batch_(batch), tallies_(batch.keys().size()) {}

  std::vector<DatasetRun> Run() {
    const std::vector<Record>& records = batch_.records();
    for (size_t row = 0; row < records.size(); ++row) {
      const Record& record = records[row];
      if (record.signal == Signal::kJoin) continue;
      if (run_.end == 0 || record.dataset != run_.dataset) Begin(record.dataset, row);
      run_.end = row + 1;
      Add(record);
    }
    Finish();
    return std::move(runs_);
  }

 private:
  struct Tally {
    TypeCounts counts{};
    uint32_t run = 0;     // the run that the counts are of
    uint32_t shared = 0;  // the turn of the shared set that has this key
    uint32_t hidden = 0;  // rows of that turn in which an own attribute hides it
    TypeSet types;
  };

  void Begin(std::string_view dataset, size_t row) {
    Finish();
    run_.dataset = dataset;
    run_.begin = row;
    ++run_number_;
  }

  void Finish() {
    EndShared();
    if (run_.end == 0) return;
    run_.keys.reserve(touched_.size());
    for (const KeyId key : touched_)
      run_.keys.push_back({key, tallies_[key].types, tallies_[key].counts});
    touched_.clear();
    runs_.push_back(std::exchange(run_, {}));
  }

  Tally& Touch(KeyId key) {
    Tally& tally = tallies_[key];
    if (tally.run != run_number_) {
      tally = {};
      tally.run = run_number_;
      touched_.push_back(key);
    }
    return tally;
  }

  void Add(const Record& record) {
    if (record.shared_begin != shared_begin_ || record.shared_end != shared_end_)
      BeginShared(record);
    const uint32_t weight = record.signal == Signal::kOpenSpan ? 0 : 1;
    shared_rows_ += weight;
    run_.counted += weight;
    run_.sampled |= record.sample_rate != 1;
    const std::vector<Attribute>& attributes = batch_.attributes();
    for (uint32_t i = record.own_begin; i < record.own_end; ++i) {
      const ValueType type = attributes[i].value.type();
      Tally& tally = Touch(attributes[i].key);
      tally.counts[static_cast<size_t>(type)] += weight;
      tally.types |= type;
      if (tally.shared == shared_number_) tally.hidden += weight;
    }
  }

  void BeginShared(const Record& record) {
    EndShared();
    shared_begin_ = record.shared_begin;
    shared_end_ = record.shared_end;
    ++shared_number_;
    for (uint32_t i = shared_begin_; i < shared_end_; ++i) {
      Tally& tally = Touch(batch_.attributes()[i].key);
      tally.shared = shared_number_;
      tally.hidden = 0;
      tally.types |= batch_.attributes()[i].value.type();
    }
  }

  void EndShared() {
    for (uint32_t i = shared_begin_; i < shared_end_; ++i) {
      const Attribute& attribute = batch_.attributes()[i];
      Tally& tally = tallies_[attribute.key];
      tally.counts[static_cast<size_t>(attribute.value.type())] += shared_rows_ - tally.hidden;
    }
    shared_begin_ = shared_end_ = 0;
    shared_rows_ = 0;
  }

  const RecordBatch& batch_;
  std::vector<Tally> tallies_;  // by key
  std::vector<KeyId> touched_;  // in this run
  std::vector<DatasetRun> runs_;
  DatasetRun run_;
  uint32_t run_number_ = 0;
  // The shared attributes of the records at hand. Sets without attributes look alike, which does no
  // harm.
  uint32_t shared_begin_ = 0;
  uint32_t shared_end_ = 0;
  uint32_t shared_rows_ = 0;
  uint32_t shared_number_ = 1;
};

}  // namespace

std::vector<DatasetRun> CountFields(const RecordBatch& batch) { return Counter(batch).Run(); }

}  // namespace skep::fields
