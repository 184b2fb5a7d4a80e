// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/log_groups_observer.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "doors/cloudwatch/decode.h"

namespace skep::cloudwatch {

class LogGroupsObserver::Effect : public CommitEffect {
 public:
  Effect(LogGroupsObserver* observer, LogStreamWrite write)
      : observer_(observer), write_(std::move(write)) {}
  void Apply(uint64_t sequence) override {
    write_.sequence = sequence;
    observer_->pending_.Add(std::move(write_));
  }

 private:
  LogGroupsObserver* observer_;
  LogStreamWrite write_;
};

// All records of a request are of one stream and in order of time.
std::unique_ptr<CommitEffect> LogGroupsObserver::Extract(const RecordBatch& batch,
                                                         const RequestInfo& request) {
  const std::vector<Record>& records = batch.records();
  if (request.door != Door::kCloudWatch || records.empty()) return nullptr;
  LogStreamWrite write;
  write.project = request.project;
  write.group = records.front().dataset;
  if (const Value* stream = batch.Find(records.front(), kStreamAttribute))
    write.stream = stream->text();
  write.events = static_cast<int64_t>(records.size());
  for (const Record& record : records)
    write.bytes += static_cast<int64_t>(record.body.size() + kEventOverheadBytes);
  write.first_event_ms = records.front().time_ns / kNsPerMs;
  write.last_event_ms = records.back().time_ns / kNsPerMs;
  write.ingestion_ms = request.ingest_time_ns / kNsPerMs;
  return std::make_unique<Effect>(this, std::move(write));
}

Status LogGroupsObserver::Settle() {
  return pending_.Settle(
      [&](const std::vector<LogStreamWrite>& writes) { return groups_->Apply(writes); });
}

}  // namespace skep::cloudwatch
