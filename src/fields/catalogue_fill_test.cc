// SPDX-License-Identifier: Apache-2.0
#include "fields/catalogue_fill.h"

#include "fields/testing.h"
#include "query/testing.h"
#include "store/testing.h"

namespace skep::fields {
namespace {

using skep::testing::TestRecord;
using skep::testing::TestWorld;

TEST_F(CatalogueTest, IsFilledFromWhatIsStored) {
  SKEP_OPEN_TEST_STORE(store);
  TestWorld world(store.get());
  const auto span = [](int64_t at_ms) {
    return TestRecord::Span(Door::kOtlp, 1, 1, 0, "GET /").At(at_ms);
  };
  TestRecord kept = span(1).With("x", int64_t{5}).With("a.b", "text").Of("bank");
  kept.record.sample_rate = 3;
  world.Add(kept);
  world.Add(span(2).With("x", 0.5).With("flag", true));
  world.Add(span(3).With("x", int64_t{5}).Open());
  world.Add(TestRecord::Join(1, 1, "evidence", Door::kXRay, "why"));
  world.Commit();

  CatalogueFill fill(catalogue_.get(), &world.reader());
  const Status filled = fill.Run(skep::testing::kTestTimeNs + 5, {});
  ASSERT_TRUE(filled) << filled.error().message << filled.error().detail;
  EXPECT_EQ(Of("x", "bank").counts, (std::array<uint64_t, 4>{1, 0, 0, 0}));
  EXPECT_EQ(Of("x", "shop").counts, (std::array<uint64_t, 4>{0, 1, 0, 0}));
  EXPECT_EQ(TypesOf("x"), TypeSet(ValueType::kInt64) | ValueType::kFloat64);
  EXPECT_EQ(TypesOf("a.b"), TypeSet(ValueType::kString));
  EXPECT_EQ(TypesOf("flag"), TypeSet(ValueType::kBool));
  EXPECT_TRUE(TypesOf("join.kind").IsEmpty());
  EXPECT_TRUE(catalogue_->MayBeSampled("default", "bank"));
  EXPECT_FALSE(catalogue_->MayBeSampled("default", "shop"));
  EXPECT_EQ(catalogue_->Datasets("default")[1].rows, 1u);
}

}  // namespace
}  // namespace skep::fields
