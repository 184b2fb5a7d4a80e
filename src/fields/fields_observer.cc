// SPDX-License-Identifier: Apache-2.0
#include "fields/fields_observer.h"

#include <utility>
#include <vector>

namespace skep::fields {

class FieldsObserver::Effect : public CommitEffect {
 public:
  Effect(Catalogue* catalogue, int64_t received_ns, std::vector<RunCounts> runs)
      : catalogue_(catalogue), received_ns_(received_ns), runs_(std::move(runs)) {}
  void Apply(uint64_t sequence) override { catalogue_->Apply(sequence, received_ns_, runs_); }

 private:
  Catalogue* catalogue_;
  int64_t received_ns_;
  std::vector<RunCounts> runs_;
};

std::unique_ptr<CommitEffect> FieldsObserver::Extract(const RecordBatch& batch,
                                                      const RequestInfo& request) {
  std::vector<RunCounts> runs = catalogue_->Note(batch, request);
  if (runs.empty()) return nullptr;
  return std::make_unique<Effect>(catalogue_, request.ingest_time_ns, std::move(runs));
}

}  // namespace skep::fields
