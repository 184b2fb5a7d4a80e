// SPDX-License-Identifier: Apache-2.0
#include "fields/catalogue.h"

#include <algorithm>

#include "fields/fields_observer.h"
#include "fields/project_fields.h"
#include "fields/testing.h"

namespace skep::fields {
namespace {

RecordBatch OneInt(const std::string& name) { return BatchOf({{"shop", {{name, Value::Int(7)}}}}); }

TEST_F(CatalogueTest, CountsByTypeAndDataset) {
  Take(1, BatchOf({{"shop", {{"status", Value::Int(200)}}},
                   {"shop", {{"status", Value::String("ok")}}},
                   {"bank", {{"status", Value::Float(2.5)}}}}));
  const FieldInfo shop = Of("status", "shop");
  EXPECT_EQ(shop.counts, (std::array<uint64_t, 4>{1, 0, 0, 1}));
  EXPECT_EQ(shop.types, TypeSet(ValueType::kInt64) | ValueType::kString);
  EXPECT_EQ(Of("status").rows(), 3u);
  EXPECT_EQ(Of("status").distinct, 2u);
  EXPECT_FALSE(catalogue_->Find("other", kAllDatasets, "status"));
  const auto datasets = catalogue_->Datasets("default");
  ASSERT_EQ(datasets.size(), 2u);
  EXPECT_EQ(datasets[1].name, "shop");
  EXPECT_EQ(datasets[1].rows, 2u);
  EXPECT_EQ(datasets[1].fields, 1u);
}

TEST_F(CatalogueTest, TellsTypesBeforeAnythingIsCommitted) {
  const RequestInfo request{"default", Door::kOtlp, 1, 5};
  EXPECT_TRUE(TypesOf("x").IsEmpty());
  FieldsObserver observer(catalogue_.get());
  const auto effect = observer.Extract(OneInt("x"), request);
  EXPECT_EQ(TypesOf("x"), TypeSet(ValueType::kInt64));
  EXPECT_EQ(Of("x").rows(), 0u);
  effect->Apply(1);
  EXPECT_EQ(Of("x").rows(), 1u);
  EXPECT_EQ(Of("x").first_seen_ns, 5);
}

TEST_F(CatalogueTest, OutlivesARestart) {
  Take(1, BatchOf({{"shop", {{"a", Value::Int(1)}, {"b", Value::String("x")}}},
                   {"shop", {{"a", Value::Bool(true)}}, {}, Signal::kSpan, 4}}));
  Take(3, BatchOf({{"bank", {{"a", Value::Float(0.5)}}}}));
  EXPECT_TRUE(catalogue_->Flush());
  const auto before = catalogue_->List("default", kAllDatasets);
  Reopen();
  EXPECT_TRUE(catalogue_->complete());
  const auto after = catalogue_->List("default", kAllDatasets);
  ASSERT_EQ(after.size(), 2u);
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].name, before[i].name);
    EXPECT_EQ(after[i].types, before[i].types);
    EXPECT_EQ(after[i].counts, before[i].counts);
    EXPECT_EQ(after[i].examples, before[i].examples);
    EXPECT_EQ(after[i].sampled, before[i].sampled);
    EXPECT_EQ(after[i].distinct, before[i].distinct);
    EXPECT_EQ(after[i].first_seen_ns, before[i].first_seen_ns);
    EXPECT_EQ(after[i].last_seen_ns, before[i].last_seen_ns);
  }
  EXPECT_TRUE(catalogue_->MayBeSampled("default", "shop"));
  EXPECT_FALSE(catalogue_->MayBeSampled("default", "bank"));
}

// Killed after the block was committed and settled, before the journal's note: it comes again.
TEST_F(CatalogueTest, AReplayCountsNothingTwice) {
  Take(1, OneInt("x"));
  Take(2, OneInt("x"));
  EXPECT_TRUE(catalogue_->Settle());
  Take(3, OneInt("x"));  // not settled: gone with the process
  Reopen();
  EXPECT_EQ(Of("x").rows(), 2u);
  for (const uint64_t sequence : {1u, 2u, 3u}) Take(sequence, OneInt("x"));
  EXPECT_EQ(Of("x").rows(), 3u);
  EXPECT_EQ(catalogue_->Datasets("default")[0].rows, 3u);
}

TEST_F(CatalogueTest, WhatCannotBeWrittenIsWrittenLater) {
  ASSERT_TRUE(database_->Execute("ALTER TABLE fields RENAME TO away"));
  Take(1, OneInt("x"));
  EXPECT_FALSE(catalogue_->Flush());
  ASSERT_TRUE(database_->Execute("ALTER TABLE away RENAME TO fields"));
  Take(2, OneInt("y"));
  EXPECT_TRUE(catalogue_->Flush());
  Reopen();
  EXPECT_EQ(Of("x").rows(), 1u);
  EXPECT_EQ(Of("x").sampled, 1u);
  EXPECT_EQ(Of("y").rows(), 1u);
}

TEST_F(CatalogueTest, SamplesAreWrittenNowAndThen) {
  now_ns_ = limits_.samples_written_every_ns;
  Take(1, OneInt("x"));
  EXPECT_TRUE(catalogue_->Settle());
  Take(2, BatchOf({{"shop", {{"x", Value::Int(8)}}}}));
  EXPECT_TRUE(catalogue_->Settle());
  Reopen();
  EXPECT_EQ(Of("x").rows(), 2u);
  EXPECT_EQ(Of("x").examples, std::vector<std::string>{"7"});
}

TEST_F(CatalogueTest, FieldsOverTheCapMayHaveAnyType) {
  limits_.fields_per_dataset = 2;
  Reopen();
  catalogue_->Fill({});
  Take(1, BatchOf({{"shop", {{"a", Value::Int(1)}, {"b", Value::Int(1)}, {"c", Value::Int(1)}}},
                   {"shop", {{"c", Value::Int(1)}, {"d", Value::Int(1)}}},
                   {"bank", {{"c", Value::Int(1)}}}}));
  EXPECT_EQ(TypesOf("a", "shop"), TypeSet(ValueType::kInt64));
  EXPECT_EQ(TypesOf("c", "shop"), TypeSet::All());
  EXPECT_EQ(TypesOf("never", "shop"), TypeSet::All());
  EXPECT_EQ(TypesOf("never", kAllDatasets), TypeSet::All());
  EXPECT_TRUE(TypesOf("never", "bank").IsEmpty());
  EXPECT_FALSE(catalogue_->HasAll("default", "shop"));
  EXPECT_FALSE(catalogue_->HasAll("default", kAllDatasets));
  EXPECT_TRUE(catalogue_->HasAll("default", "bank"));
  EXPECT_TRUE(catalogue_->Settle());
  Reopen();
  EXPECT_EQ(TypesOf("never", "shop"), TypeSet::All());
  const auto datasets = catalogue_->Datasets("default");
  EXPECT_FALSE(datasets[0].overflowed);
  EXPECT_TRUE(datasets[1].overflowed);
  EXPECT_EQ(datasets[1].uncounted, 3u);
}

TEST_F(CatalogueTest, HoldsSoManyFieldsAndDatasetsAndNoMore) {
  limits_.fields = 3;
  limits_.datasets = 2;
  Reopen();
  catalogue_->Fill({});
  for (uint64_t i = 1; i < 200; ++i) {
    const std::string n = std::to_string(i);
    Take(i, BatchOf({{"d" + n, {{"k" + n, Value::Int(1)}}}, {"d1", {{"k" + n, Value::Int(1)}}}}));
  }
  EXPECT_EQ(catalogue_->Datasets("default").size(), 2u);
  EXPECT_LE(catalogue_->List("default", kAllDatasets).size(), 3u);
  EXPECT_EQ(TypesOf("k150", "d150"), TypeSet::All());
  EXPECT_EQ(TypesOf("k150"), TypeSet::All());
  EXPECT_TRUE(catalogue_->MayBeSampled("default", "d150"));
  EXPECT_FALSE(catalogue_->MayBeSampled("default", "d1"));
}

TEST_F(CatalogueTest, NamesThatAreTooLongOrHoldAZeroAreNotKept) {
  Take(1, BatchOf({{"shop", {{std::string(257, 'n'), Value::Int(1)}}},
                   {"bank", {{std::string("a\0b", 3), Value::Int(1)}}}}));
  EXPECT_TRUE(catalogue_->List("default", kAllDatasets).empty());
  EXPECT_EQ(TypesOf("x", "shop"), TypeSet::All());
  EXPECT_EQ(TypesOf("x", "bank"), TypeSet::All());
}

TEST_F(CatalogueTest, EveryTypeIsPossibleUntilWhatWasStoredBeforeIsKnown) {
  auto database = Database::Open({":memory:"});
  ASSERT_TRUE(database);
  database_ = std::move(*database);
  rows_ = std::make_unique<FieldRows>(database_.get());
  Reopen();
  EXPECT_FALSE(catalogue_->complete());
  Take(1, OneInt("x"));
  EXPECT_EQ(TypesOf("x"), TypeSet::All());
  EXPECT_TRUE(catalogue_->MayBeSampled("default", "shop"));

  ScannedDataset found;
  found.project = "default";
  found.dataset.name = "shop";
  found.dataset.rows = 10;
  FieldInfo& field = found.fields.emplace_back();
  field.name = "x";
  field.types = ValueType::kString;
  field.counts[3] = 9;
  catalogue_->Fill({found});
  EXPECT_EQ(TypesOf("x"), TypeSet(ValueType::kInt64) | ValueType::kString);
  EXPECT_EQ(Of("x").counts, (std::array<uint64_t, 4>{1, 0, 0, 9}));
  EXPECT_EQ(catalogue_->Datasets("default")[0].rows, 11u);
  EXPECT_FALSE(ProjectFields(catalogue_.get(), "default").MayBeSampled("shop"));
  EXPECT_TRUE(catalogue_->Settle());
  Reopen();
  EXPECT_TRUE(catalogue_->complete());
  EXPECT_EQ(Of("x").rows(), 10u);
}

TEST_F(CatalogueTest, LooksAtAPartOfTheRowsOfLargeRequests) {
  RecordBatch batch;
  for (int row = 0; row < 3200; ++row)
    AddRow({"shop", {{"id", Value::Int(row)}, {"same", Value::String("one")}}}, &batch);
  Take(1, batch);
  const FieldInfo id = Of("id");
  EXPECT_EQ(id.rows(), 3200u);
  EXPECT_EQ(id.sampled, 100u);
  EXPECT_EQ(id.distinct, 100u);
  EXPECT_TRUE(id.NearUnique());
  EXPECT_EQ(Of("same").distinct, 1u);
  EXPECT_FALSE(Of("same").NearUnique());
  EXPECT_EQ(Of("same").examples, std::vector<std::string>{"one"});
}

TEST_F(CatalogueTest, KeepsTheNewestDifferentExamples) {
  for (uint64_t i = 1; i <= 8; ++i)
    Take(i, BatchOf({{"shop", {{"x", Value::Int(static_cast<int64_t>(i / 2))}}}}));
  EXPECT_EQ(Of("x").examples, (std::vector<std::string>{"4", "3", "2", "1", "0"}));
  const std::string long_text = std::string(96, 'a') + "\u00e4\u00f6\u00fc";
  EXPECT_EQ(ExampleText(Value::String(long_text)), std::string(96, 'a') + "\u2026");
  EXPECT_EQ(ExampleText(Value::Float(0.5)), "0.5");
  EXPECT_EQ(ExampleText(Value::Bool(false)), "false");
}

}  // namespace
}  // namespace skep::fields
