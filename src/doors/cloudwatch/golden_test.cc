// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/cloudwatch. Each case has a catalog of its own; what it puts is counted there
// as after a commit. Nothing answers queries here: read_test.cc reads events back from a real
// store.
#include <memory>
#include <utility>

#include "doors/cloudwatch/decode.h"
#include "doors/cloudwatch/door.h"
#include "doors/cloudwatch/log_groups_observer.h"
#include "doors/golden/suite.h"

namespace skep::cloudwatch {
namespace {

// Small enough that cases can go over them.
Limits SmallLimits() {
  Limits limits;
  limits.body_bytes_max = 2048;
  limits.depth_max = 8;
  limits.records_max = 4;
  limits.attributes_per_record_max = 4;
  limits.attributes_per_request_max = 12;
  limits.keys_per_request_max = 8;
  limits.key_bytes_max = 16;
  limits.string_bytes_max = 256;
  return limits;
}

class NoStore : public Store {
 public:
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock&, std::string_view) override { return {}; }
  Result<ResultTable> Query(const Statement&, const QueryOptions&, const CancelToken&) override {
    return Error(Code::kUnavailable, "The store does not answer.");
  }
  Result<StoreStats> Stats() override { return StoreStats{}; }
};

// Counts what the fake sink took.
class ObservedSink : public Sink {
 public:
  ObservedSink(Sink* sink, CommitObserver* observer) : sink_(sink), observer_(observer) {}
  void Submit(Submission submission, AckFunction ack) override {
    const RequestInfo info{submission.project, submission.door, ++sequence_,
                           submission.receive_time_ns};
    auto effect = observer_->Extract(submission.batch, info);
    const uint64_t sequence = sequence_;
    sink_->Submit(std::move(submission),
                  [&effect, sequence, ack = std::move(ack)](const Status& status) {
                    if (status && effect != nullptr) effect->Apply(sequence);
                    ack(status);
                  });
    EXPECT_TRUE(observer_->Settle());
  }
  Status Barrier(int64_t deadline_ms) override { return sink_->Barrier(deadline_ms); }
  void Shutdown() override { sink_->Shutdown(); }
  SinkStats Stats() const override { return sink_->Stats(); }

 private:
  Sink* sink_;
  CommitObserver* observer_;
  uint64_t sequence_ = 0;
};

// What the routes of one case need.
struct Server {
  explicit Server(Sink* fake)
      : database(*Database::Open({":memory:"})),
        groups(database.get()),
        observer(&groups),
        sink(fake, &observer),
        reader(&store, &sink) {}
  std::unique_ptr<Database> database;
  LogGroups groups;
  LogGroupsObserver observer;
  ObservedSink sink;
  NoStore store;
  Reader reader;
};

golden::Harness MakeHarness() {
  golden::Harness harness;
  for (const auto& [suffix, limits] :
       {std::pair<std::string, Limits>{"", Limits()}, {"-small", SmallLimits()}})
    harness.formats["put-log-events" + suffix] = Formats(limits).front().second;
  // The last case's server lives until the next one is made: its routes have ended by then.
  harness.register_routes = [server = std::make_shared<std::unique_ptr<Server>>()](
                                net::Router& router, Sink& sink, Counters& counters) {
    *server = std::make_unique<Server>(&sink);
    Register(router, {.sink = &(*server)->sink,
                      .counters = &counters,
                      .groups = &(*server)->groups,
                      .reader = &(*server)->reader});
  };
  return harness;
}

SKEP_GOLDEN_SUITE(CloudWatch, "cloudwatch", MakeHarness);

}  // namespace
}  // namespace skep::cloudwatch
