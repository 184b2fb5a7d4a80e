// SPDX-License-Identifier: Apache-2.0
#include "delivery/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <new>
#include <thread>

#include "delivery/fake_clock.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using Result = Attempt::Result;

class FakeSender : public Sender {
 public:
  using Answer = std::function<Attempt(const Batch&)>;
  FakeSender(std::vector<std::string>* seen, Answer answer)
      : seen_(seen), answer_(std::move(answer)) {}
  Attempt Send(const Batch& batch, milliseconds) override {
    seen_->push_back(batch.body);
    return answer_(batch);
  }

 private:
  std::vector<std::string>* seen_;
  Answer answer_;
};

class FakeSource : public Source {
 public:
  std::vector<Batch> Drain() override {
    ++drains;
    if (no_memory) throw std::bad_alloc();
    return std::exchange(waiting, {});
  }
  bool no_memory = false;
  std::vector<Batch> waiting;
  int drains = 0;
};

Attempt Answered(Result result) { return Attempt{.result = result, .reason = "the test wants it"}; }

class DeliveryTest : public testing::Test {
 protected:
  void SetUp() override {
    SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
    options_.name = "test";
    options_.start_thread = false;
  }

  Delivery& Make() {
    auto source = std::make_unique<FakeSource>();
    source_ = source.get();
    auto sender =
        std::make_unique<FakeSender>(&seen_, [this](const Batch& batch) { return answer_(batch); });
    delivery_ = std::make_unique<Delivery>(options_, std::move(source), std::move(sender),
                                           counters_, clock_);
    return *delivery_;
  }

  FakeClock clock_;
  DeliveryOptions options_;
  std::shared_ptr<ExportCounters> counters_ = std::make_shared<ExportCounters>();
  std::vector<std::string> seen_;
  FakeSender::Answer answer_ = [](const Batch&) { return Attempt{.result = Result::kDelivered}; };
  FakeSource* source_ = nullptr;
  std::unique_ptr<Delivery> delivery_;
};

TEST_F(DeliveryTest, SendsInOrderAndCounts) {
  Delivery& delivery = Make();
  EXPECT_TRUE(delivery.Submit({.body = "a", .records = 2}));
  EXPECT_TRUE(delivery.Submit({.body = "b", .records = 3}));
  EXPECT_EQ(delivery.QueuedRecords(), 5u);
  EXPECT_EQ(delivery.QueuedBytes(), 2u);
  const int64_t due_ns = delivery.RunOnce();
  EXPECT_THAT(seen_, ElementsAre("a", "b"));
  EXPECT_EQ(counters_->accepted, 5u);
  EXPECT_EQ(counters_->sent, 5u);
  EXPECT_EQ(delivery.QueuedRecords(), 0u);
  // Only the schedule is left to wait for.
  EXPECT_EQ(due_ns,
            clock_.SteadyNanos() + std::chrono::nanoseconds(options_.schedule_delay).count());
}

TEST_F(DeliveryTest, DrainsTheSourceWhenTheScheduleSaysSo) {
  Delivery& delivery = Make();
  source_->waiting = {{.body = "late", .records = 1}};
  delivery.RunOnce();
  EXPECT_EQ(source_->drains, 0);
  EXPECT_EQ(counters_->accepted, 0u);
  clock_.Advance(options_.schedule_delay);
  delivery.RunOnce();
  EXPECT_EQ(source_->drains, 1);
  EXPECT_THAT(seen_, ElementsAre("late"));
  EXPECT_EQ(counters_->accepted, 1u);
}

TEST_F(DeliveryTest, WakeDrainsAtOnce) {
  Delivery& delivery = Make();
  source_->waiting = {{.body = "woken", .records = 1}};
  delivery.Wake();
  delivery.RunOnce();
  EXPECT_THAT(seen_, ElementsAre("woken"));
  delivery.RunOnce();
  EXPECT_EQ(source_->drains, 1);
}

TEST_F(DeliveryTest, RetriesTheSameBatchAfterABackoffThatGrows) {
  options_.schedule_delay = std::chrono::hours(24);
  answer_ = [](const Batch&) { return Answered(Result::kRetry); };
  Delivery& delivery = Make();
  delivery.Submit({.body = "a", .records = 1});
  delivery.Submit({.body = "b", .records = 1});
  int64_t bound_ms = options_.backoff_first.count();
  for (size_t attempt = 1; attempt <= 12; ++attempt) {
    SCOPED_TRACE(attempt);
    const int64_t due_ns = delivery.RunOnce();
    EXPECT_EQ(seen_.size(), attempt);
    EXPECT_GT(due_ns, clock_.SteadyNanos());
    EXPECT_LE(due_ns - clock_.SteadyNanos(), bound_ms * 1'000'000);
    delivery.RunOnce();  // not before it is due
    EXPECT_EQ(seen_.size(), attempt);
    clock_.AdvanceTo(due_ns);
    bound_ms = std::min<int64_t>(bound_ms * 2, options_.backoff_max.count());
  }
  EXPECT_THAT(seen_, testing::Each("a"));
  EXPECT_EQ(counters_->retries, seen_.size() - 1);
  EXPECT_EQ(delivery.QueuedRecords(), 2u);
}

TEST_F(DeliveryTest, WaitsAsLongAsTheReceiverSays) {
  bool ready = false;
  answer_ = [&ready](const Batch&) {
    Attempt attempt = Answered(ready ? Result::kDelivered : Result::kRetry);
    attempt.retry_after = seconds(90);
    return attempt;
  };
  Delivery& delivery = Make();
  delivery.Submit({.body = "a", .records = 1});
  delivery.RunOnce();
  ready = true;
  clock_.Advance(seconds(89));
  delivery.RunOnce();
  EXPECT_EQ(seen_.size(), 1u);
  clock_.Advance(seconds(1));
  delivery.RunOnce();
  EXPECT_EQ(seen_.size(), 2u);
  EXPECT_EQ(counters_->sent, 1u);
}

// As from a receiver whose clock is behind, or that says 0: it is not asked in a circle.
TEST_F(DeliveryTest, BacksOffFromAReceiverThatSaysAtOnce) {
  answer_ = [](const Batch&) {
    Attempt attempt = Answered(Result::kRetry);
    attempt.retry_after = seconds(0);
    return attempt;
  };
  Delivery& delivery = Make();
  delivery.Submit({.body = "a", .records = 1});
  for (int i = 0; i < 20; ++i) {
    const size_t before = seen_.size();
    const int64_t due_ns = delivery.RunOnce();
    ASSERT_LE(seen_.size(), before + 1);
    EXPECT_GT(due_ns, clock_.SteadyNanos());
    clock_.AdvanceTo(due_ns);
  }
  EXPECT_GT(seen_.size(), 1u);
}

TEST_F(DeliveryTest, GoesOnAfterThereWasNoMemory) {
  answer_ = [this](const Batch&) {
    if (source_->no_memory) throw std::bad_alloc();
    return Answered(Result::kDelivered);
  };
  Delivery& delivery = Make();
  source_->no_memory = true;
  source_->waiting.push_back({.body = "b", .records = 2});
  delivery.Submit({.body = "a", .records = 1});
  delivery.Wake();
  const int64_t due_ns = delivery.RunOnce();
  EXPECT_EQ(source_->drains, 1);
  EXPECT_THAT(seen_, ElementsAre("a"));
  EXPECT_EQ(delivery.QueuedRecords(), 1u);
  clock_.AdvanceTo(due_ns);
  source_->no_memory = false;
  EXPECT_TRUE(delivery.Flush(seconds(1)));
  EXPECT_THAT(seen_, ElementsAre("a", "a", "b"));
  EXPECT_EQ(counters_->accepted, 3u);
  EXPECT_EQ(counters_->sent, 3u);
}

TEST_F(DeliveryTest, CountsWhatTheReceiverRejects) {
  answer_ = [](const Batch& batch) {
    Attempt attempt = Answered(batch.body == "bad" ? Result::kRejected : Result::kDelivered);
    attempt.rejected_records = batch.body == "partly" ? 4 : 0;
    if (batch.body == "nonsense") attempt.rejected_records = 1000;
    return attempt;
  };
  Delivery& delivery = Make();
  delivery.Submit({.body = "bad", .records = 10});
  delivery.Submit({.body = "partly", .records = 10});
  delivery.Submit({.body = "nonsense", .records = 10});
  delivery.RunOnce();
  EXPECT_EQ(counters_->sent, 6u);
  EXPECT_EQ(counters_->rejected, 24u);
  EXPECT_EQ(seen_.size(), 3u);
}

TEST_F(DeliveryTest, RefusesWhatDoesNotFit) {
  options_.queue_bytes_max = 10;
  answer_ = [](const Batch&) { return Answered(Result::kRetry); };
  Delivery& delivery = Make();
  EXPECT_TRUE(delivery.Submit({.body = "123456", .records = 6}));
  EXPECT_FALSE(delivery.Submit({.body = "12345", .records = 5}));
  EXPECT_TRUE(delivery.Submit({.body = "1234", .records = 4}));
  delivery.RunOnce();  // the one being sent still counts
  EXPECT_FALSE(delivery.Submit({.body = "1", .records = 1}));
  EXPECT_EQ(counters_->accepted, 16u);
  EXPECT_EQ(counters_->dropped_full, 6u);
  EXPECT_EQ(delivery.QueuedRecords(), 10u);
}

TEST_F(DeliveryTest, FlushMakesOneAttemptDespiteABackoff) {
  int attempts = 0;
  answer_ = [&attempts](const Batch&) {
    Attempt attempt = Answered(++attempts < 3 ? Result::kRetry : Result::kDelivered);
    attempt.retry_after = seconds(60);
    return attempt;
  };
  Delivery& delivery = Make();
  source_->waiting = {{.body = "a", .records = 1}};
  EXPECT_FALSE(delivery.Flush(milliseconds(10)));
  EXPECT_FALSE(delivery.Flush(milliseconds(10)));
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(delivery.QueuedRecords(), 1u);
  EXPECT_TRUE(delivery.Flush(milliseconds(10)));
  EXPECT_EQ(counters_->sent, 1u);
}

TEST_F(DeliveryTest, ShutdownCountsWhatIsLeft) {
  answer_ = [](const Batch&) { return Answered(Result::kRetry); };
  Delivery& delivery = Make();
  delivery.Submit({.body = "a", .records = 3});
  EXPECT_FALSE(delivery.Shutdown(milliseconds(10)));
  source_->waiting = {{.body = "late", .records = 1}};
  EXPECT_FALSE(delivery.Submit({.body = "b", .records = 2}));
  EXPECT_EQ(counters_->accepted, 5u);
  EXPECT_EQ(counters_->dropped_shutdown, 5u);
  EXPECT_EQ(delivery.QueuedRecords(), 0u);
}

TEST_F(DeliveryTest, ShutdownWithoutTimeCountsWhatTheSourceStillHas) {
  Delivery& delivery = Make();
  source_->waiting = {{.body = "never", .records = 7}};
  EXPECT_FALSE(delivery.Shutdown(milliseconds(0)));
  EXPECT_EQ(counters_->accepted, 7u);
  EXPECT_EQ(counters_->dropped_shutdown, 7u);
  EXPECT_TRUE(seen_.empty());
}

// A handler of diagnostics that logs comes back to Submit from within.
TEST_F(DeliveryTest, DiagnosticsMaySubmit) {
  answer_ = [](const Batch& batch) {
    return Answered(batch.body == "bad" ? Result::kRejected : Result::kDelivered);
  };
  Delivery& delivery = Make();
  bool once = false;
  SetDiagnosticHandler([&](DiagnosticLevel, std::string_view) {
    if (!std::exchange(once, true)) delivery.Submit({.body = "logged", .records = 1});
  });
  delivery.Submit({.body = "bad", .records = 1});
  delivery.RunOnce();
  SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  EXPECT_THAT(seen_, ElementsAre("bad", "logged"));
}

// A receiver that never answers, until it is cancelled.
class StuckSender : public Sender {
 public:
  Attempt Send(const Batch&, milliseconds) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return cancelled_; });
    return Answered(Result::kRetry);
  }
  void Cancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;
};

TEST(DeliveryThread, ShutdownDoesNotWaitForAReceiverThatHangs) {
  SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  auto counters = std::make_shared<ExportCounters>();
  Delivery delivery({.name = "stuck"}, nullptr, std::make_unique<StuckSender>(), counters,
                    Clock::System());
  delivery.Submit({.body = "a", .records = 1});
  EXPECT_FALSE(delivery.Flush(milliseconds(20)));
  EXPECT_FALSE(delivery.Shutdown(milliseconds(20)));  // hangs if Cancel is not called
  EXPECT_EQ(counters->dropped_shutdown, 1u);
}

TEST(DeliveryThread, ManyThreadsSubmitAndFlush) {
  std::vector<std::string> seen;
  auto counters = std::make_shared<ExportCounters>();
  auto sender = std::make_unique<FakeSender>(
      &seen, [](const Batch&) { return Attempt{.result = Result::kDelivered}; });
  Delivery delivery({.name = "many"}, nullptr, std::move(sender), counters, Clock::System());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&delivery, t] {
      for (int i = 0; i < 500; ++i) {
        delivery.Submit(
            {.body = std::string(1, static_cast<char>('a' + t)) + std::to_string(i), .records = 1});
        if (i % 100 == 0) delivery.Wake();
      }
      EXPECT_TRUE(delivery.Flush(seconds(60)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counters->sent, 2000u);
  EXPECT_TRUE(delivery.Shutdown(seconds(60)));
  // What one thread submitted comes in its order.
  std::map<char, int> last;
  for (const std::string& body : seen) {
    const int number = std::stoi(body.substr(1));
    EXPECT_EQ(number, last[body[0]]++);
  }
}

}  // namespace
}  // namespace skep::sdk
