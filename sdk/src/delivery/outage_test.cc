// SPDX-License-Identifier: Apache-2.0
// A day of outages, lived through with a fake clock: whatever the receiver does, nothing is lost
// but what the counters say, and nothing comes twice unless the receiver's answer was lost.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "delivery/delivery.h"
#include "delivery/fake_clock.h"

namespace skep::sdk {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Result = Attempt::Result;

constexpr size_t kQueueBytesMax = 1 << 20;

enum class Mood {
  kFine,
  kRefusesConnections,
  kTimesOut,
  kThrottles,
  kUnavailable,
  kBadRequest,
  kPartial,
  kLosesAnswers
};

// A receiver whose mood changes; remembers every batch it took, by its number.
class MoodyReceiver : public Sender {
 public:
  MoodyReceiver(FakeClock* clock, std::mt19937* random) : clock_(clock), random_(random) {}

  Attempt Send(const Batch& batch, milliseconds timeout) override {
    const uint64_t number = std::stoull(batch.body);
    switch (mood) {
      case Mood::kRefusesConnections:
        return {.result = Result::kRetry, .reason = "connection refused"};
      case Mood::kTimesOut:
        clock_->Advance(timeout);
        return {.result = Result::kRetry, .reason = "timeout"};
      case Mood::kThrottles:
        return {
            .result = Result::kRetry, .retry_after = seconds((*random_)() % 120), .reason = "429"};
      case Mood::kUnavailable:
        return {.result = Result::kRetry, .reason = "503"};
      case Mood::kBadRequest:
        Answer(number, batch.records, true);
        return {.result = Result::kRejected, .reason = "400"};
      case Mood::kPartial: {
        Answer(number, batch.records, false);
        const uint32_t rejected = static_cast<uint32_t>((*random_)() % (batch.records + 1));
        rejected_records += rejected;
        taken_records -= rejected;
        return {.result = Result::kDelivered, .rejected_records = rejected, .reason = "partial"};
      }
      case Mood::kLosesAnswers:
        lost_answers[number]++;
        order.push_back(number);
        clock_->Advance(timeout);
        return {.result = Result::kRetry, .reason = "reset before the answer"};
      case Mood::kFine:
        break;
    }
    clock_->Advance(milliseconds(1 + (*random_)() % 50));
    Answer(number, batch.records, false);
    return {.result = Result::kDelivered};
  }

  void Answer(uint64_t number, uint32_t records, bool rejected) {
    EXPECT_TRUE(answered.emplace(number, records).second)
        << number << " came again after its answer";
    (rejected ? rejected_records : taken_records) += records;
    order.push_back(number);
  }

  Mood mood = Mood::kFine;
  std::map<uint64_t, uint32_t> answered;
  std::map<uint64_t, int> lost_answers;
  std::vector<uint64_t> order;  // of all that arrived
  uint64_t taken_records = 0;
  uint64_t rejected_records = 0;

 private:
  FakeClock* clock_;
  std::mt19937* random_;
};

class Load : public Source {
 public:
  explicit Load(std::mt19937* random) : random_(random) {}
  std::vector<Batch> Drain() override {
    std::vector<Batch> batches;
    if (ended) return batches;
    for (uint32_t i = (*random_)() % 4; i > 0; --i) batches.push_back(Next());
    return batches;
  }
  // Bodies are told apart by the number they start with.
  Batch Next() {
    Batch batch{.body = std::to_string(++last),
                .records = 1 + static_cast<uint32_t>((*random_)() % 512)};
    batch.body += ' ';
    batch.body.resize(200 + (*random_)() % 40'000, 'x');
    records += batch.records;
    return batch;
  }
  uint64_t last = 0;
  uint64_t records = 0;
  bool ended = false;

 private:
  std::mt19937* random_;
};

void LiveThroughADay(uint32_t seed) {
  SCOPED_TRACE(seed);
  FakeClock clock;
  std::mt19937 random(seed);
  auto counters = std::make_shared<ExportCounters>();
  auto receiver_owned = std::make_unique<MoodyReceiver>(&clock, &random);
  auto load_owned = std::make_unique<Load>(&random);
  MoodyReceiver& receiver = *receiver_owned;
  Load& load = *load_owned;
  Delivery delivery({.name = "outage", .queue_bytes_max = kQueueBytesMax, .start_thread = false},
                    std::move(load_owned), std::move(receiver_owned), counters, clock);
  auto check = [&] {
    const uint64_t counted = counters->sent + counters->rejected + counters->dropped_full +
                             counters->dropped_shutdown + delivery.QueuedRecords();
    ASSERT_EQ(counters->accepted, counted);
    ASSERT_EQ(counters->accepted, load.records);
    ASSERT_EQ(counters->sent, receiver.taken_records);
    ASSERT_EQ(counters->rejected, receiver.rejected_records);
    ASSERT_LE(delivery.QueuedBytes(), kQueueBytesMax);
  };

  const int64_t end_ns = clock.SteadyNanos() + std::chrono::nanoseconds(hours(24)).count();
  int64_t mood_until_ns = 0;
  uint32_t moods = 0;
  while (clock.SteadyNanos() < end_ns) {
    if (clock.SteadyNanos() >= mood_until_ns) {
      receiver.mood = ++moods % 2 == 0 ? Mood::kFine : static_cast<Mood>(1 + moods / 2 % 7);
      mood_until_ns =
          clock.SteadyNanos() + std::chrono::nanoseconds(seconds(1 + random() % 1800)).count();
    }
    if (random() % 4 == 0) delivery.Submit(load.Next());
    if (random() % 50 == 0) delivery.Wake();
    if (random() % 200 == 0) delivery.Flush(milliseconds(0));
    const int64_t due_ns = delivery.RunOnce();
    ASSERT_NO_FATAL_FAILURE(check());
    ASSERT_GT(due_ns, clock.SteadyNanos() - 1);
    clock.AdvanceTo(random() % 3 == 0 ? clock.SteadyNanos() + 100'000'000 : due_ns);
  }
  load.ended = true;
  const uint64_t queued = delivery.QueuedRecords();
  receiver.mood = seed % 2 == 0 ? Mood::kFine : Mood::kUnavailable;
  EXPECT_EQ(delivery.Shutdown(seconds(5)), receiver.mood == Mood::kFine || queued == 0);
  check();
  EXPECT_EQ(delivery.QueuedRecords(), 0u);

  // In the order they were given, and twice only those whose answer was lost.
  EXPECT_TRUE(std::is_sorted(receiver.order.begin(), receiver.order.end()));
  std::map<uint64_t, int> arrivals;
  for (const uint64_t number : receiver.order) ++arrivals[number];
  for (const auto& [number, times] : arrivals) {
    const auto lost = receiver.lost_answers.find(number);
    const int losses = lost == receiver.lost_answers.end() ? 0 : lost->second;
    EXPECT_EQ(times, losses + static_cast<int>(receiver.answered.count(number))) << number;
  }
  // The day had everything in it.
  EXPECT_GT(counters->sent, 0u);
  EXPECT_GT(counters->rejected, 0u);
  EXPECT_GT(counters->dropped_full, 0u);
  EXPECT_GT(counters->retries, 0u);
  EXPECT_FALSE(receiver.lost_answers.empty());
}

TEST(Outage, NothingIsLostButWhatTheCountersSay) {
  SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  for (uint32_t seed = 1; seed <= 4; ++seed) ASSERT_NO_FATAL_FAILURE(LiveThroughADay(seed));
}

}  // namespace
}  // namespace skep::sdk
