// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/datasets.h"

#include <gtest/gtest.h>

#include <memory>

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
