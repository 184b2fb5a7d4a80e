// SPDX-License-Identifier: Apache-2.0
#include "app/promoter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>

#include "base/guarded.h"

namespace skep::app {
namespace {

constexpr std::chrono::seconds kPatience{20};  // far beyond what any condition here takes

class AskedStore : public Store {
 public:
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock&, std::string_view) override { return {}; }
  Result<ResultTable> Query(const Statement&, const QueryOptions&, const CancelToken&) override {
    return Error(Code::kUnimplemented, "");
  }
  Result<StoreStats> Stats() override { return StoreStats{}; }
  // The first time it cannot.
  Status PromoteScanned(const PromotionRules& rules) override {
    EXPECT_EQ(rules.rows_min, PromotionRules().rows_min);
    const int times = asked_.With([](int& asked) { return ++asked; });
    changed_.notify_all();
    if (times == 1) return Error(Code::kUnavailable, "the store does not answer");
    return {};
  }

  bool WaitAsked(int times) {
    return asked_.WithLock([&](int& asked, auto& lock) {
      return changed_.wait_for(lock, kPatience, [&] { return asked >= times; });
    });
  }
  int asked() const {
    return asked_.With([](const int& asked) { return asked; });
  }

 private:
  Guarded<int> asked_;
  std::condition_variable changed_;
};

TEST(PromoterTest, AsksAgainAndAgainWhateverTheStoreSays) {
  AskedStore store;
  const Promoter promoter(&store, std::chrono::milliseconds(1));
  EXPECT_TRUE(store.WaitAsked(3));
}

TEST(PromoterTest, EndsAtOnceAndAsksNoMore) {
  AskedStore store;
  auto promoter = std::make_unique<Promoter>(&store, std::chrono::milliseconds(1));
  ASSERT_TRUE(store.WaitAsked(1));
  promoter = nullptr;
  const int asked = store.asked();
  EXPECT_GE(asked, 1);
  // One that waits for a day ends too.
  Promoter waiting(&store, std::chrono::hours(24));
  EXPECT_EQ(store.asked(), asked);
}

}  // namespace
}  // namespace skep::app
