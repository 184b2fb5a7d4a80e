// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/datasets.h"

#include <gtest/gtest.h>

#include <memory>

#include "model/record_batch.h"

namespace skep::honeycomb {
namespace {

class DatasetsTest : public ::testing::Test {
 protected:
  DatasetsTest() {
    auto opened = Database::Open({":memory:"});
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    database_ = std::move(*opened);
    documents_ = std::make_unique<Documents>(database_.get());
    datasets_ = std::make_unique<Datasets>(documents_.get());
  }

  std::string NameFor(std::string_view name) {
    const auto dataset = datasets_->ForWriting("default", name);
    return dataset ? dataset->name : "error: " + dataset.error().message;
  }
  Document Stored(const std::string& slug) {
    const auto found = documents_->Find(DocumentKind::kDataset, "default", {}, slug);
    EXPECT_TRUE(found.has_value()) << slug;
    return found.value_or(Document{});
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<Datasets> datasets_;
};

TEST(SlugOf, KeepsWhatTellsNamesApart) {
  EXPECT_EQ(SlugOf("My Data/Set"), "my-data-set");
  EXPECT_EQ(SlugOf("  api.v2_Test  "), "api.v2_test");
  EXPECT_EQ(SlugOf("Größe"), "größe");
}

TEST_F(DatasetsTest, TheFirstSpellingIsShown) {
  EXPECT_EQ(NameFor("My Dataset"), "My Dataset");
  EXPECT_EQ(NameFor("MY DATASET"), "My Dataset");
  EXPECT_EQ(NameFor("my-dataset"), "My Dataset");
  EXPECT_EQ(NameFor("my.dataset"), "my.dataset");
  EXPECT_EQ(Stored("my-dataset").body, R"({"name":"My Dataset","slug":"my-dataset"})");
}

TEST_F(DatasetsTest, ProjectsHaveTheirOwn) {
  EXPECT_EQ(NameFor("Shop"), "Shop");
  EXPECT_EQ(datasets_->ForWriting("other", "SHOP")->name, "SHOP");
}

TEST_F(DatasetsTest, AnotherStartFindsThem) {
  EXPECT_EQ(NameFor("Shop"), "Shop");
  Datasets again(documents_.get());
  EXPECT_EQ(again.ForWriting("default", "sHOP")->name, "Shop");
}

TEST_F(DatasetsTest, WhatWasChangedIsReadAgainOnceForgotten) {
  EXPECT_EQ(datasets_->ForWriting("default", "Shop")->expand_json_depth, 0u);
  const auto changed =
      documents_->Modify(DocumentKind::kDataset, "default", Stored("shop").id, [](Document& d) {
        d.body = R"({"name":"Shop","slug":"shop","expand_json_depth":99})";
        return Status();
      });
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(datasets_->ForWriting("default", "shop")->expand_json_depth, 0u);
  datasets_->Forget("default", "shop");
  EXPECT_EQ(datasets_->ForWriting("default", "shop")->expand_json_depth, 10u);
}

TEST_F(DatasetsTest, WhoMayMakeNoneWritesToThoseThatAreThere) {
  EXPECT_EQ(datasets_->ForWriting("default", "Shop", false).error().code, Code::kNotFound);
  EXPECT_FALSE(*datasets_->Exists("default", "shop"));
  EXPECT_EQ(NameFor("Shop"), "Shop");
  EXPECT_EQ(datasets_->ForWriting("default", "SHOP", false)->name, "Shop");
  EXPECT_TRUE(*datasets_->Exists("default", "SHOP"));
  EXPECT_FALSE(*datasets_->Exists("other", "Shop"));
  EXPECT_TRUE(documents_->Delete(DocumentKind::kDataset, "default", Stored("shop").id));
  datasets_->Forget("default", "shop");
  EXPECT_FALSE(*datasets_->Exists("default", "shop"));
  EXPECT_EQ(datasets_->ForWriting("default", "Shop", false).error().code, Code::kNotFound);
}

TEST_F(DatasetsTest, RecordsOfOtherDoorsMakeThem) {
  FieldRows rows(database_.get());
  const auto catalogue = *fields::Catalogue::Load(&rows);
  RecordBatch batch;
  for (const char* name : {"My Shop", "a\nb"}) {
    Record& record = batch.BeginRecord({});
    record.dataset = batch.arena().Copy(name);
    batch.EndRecord();
  }
  catalogue->Apply(1, 1, catalogue->Note(batch, {"default", Door::kOtlp, 1, 1}));
  datasets_ = std::make_unique<Datasets>(documents_.get(), catalogue.get());
  EXPECT_TRUE(*datasets_->Exists("default", "my shop"));
  EXPECT_EQ(datasets_->ForWriting("default", "MY-SHOP", false)->name, "My Shop");
  // One whose name is none here goes by what it is written as.
  EXPECT_EQ(datasets_->ForWriting("default", "A-B", false)->name, "A-B");
}

TEST_F(DatasetsTest, RefusesWhatIsNoName) {
  const std::string refused = "error: Dataset name is not valid.";
  EXPECT_EQ(NameFor(""), refused);
  EXPECT_EQ(NameFor("   "), refused);
  EXPECT_EQ(NameFor("a\nb"), refused);
  EXPECT_EQ(NameFor("a\xff"), refused);
  EXPECT_EQ(NameFor(std::string(256, 'a')), refused);
  EXPECT_EQ(NameFor(std::string(255, 'a')), std::string(255, 'a'));
}

}  // namespace
}  // namespace skep::honeycomb
