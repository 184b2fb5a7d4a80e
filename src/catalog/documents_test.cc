// SPDX-License-Identifier: Apache-2.0
#include "catalog/documents.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace skep {
namespace {

constexpr char kProject[] = "default";
constexpr auto kBoard = DocumentKind::kBoard;

class DocumentsTest : public ::testing::Test {
 protected:
  DocumentsTest() {
    auto opened = Database::Open({":memory:"});
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    database_ = std::move(*opened);
    documents_ = std::make_unique<Documents>(
        database_.get(), [this] { return ++now_ns_; },
        [this] { return "id" + std::to_string(++ids_); });
  }

  Document Make(DocumentKind kind, const std::string& name, const std::string& dataset = {},
                const std::string& parent = {}) {
    const auto made = documents_->Create(
        {.kind = kind, .dataset = dataset, .parent = parent, .name = name, .body = "{\"a\":1}"});
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return made.value_or(Document{});
  }
  std::string Ids(const DocumentFilter& filter, int64_t after = 0, size_t limit = 100) {
    const auto page = documents_->List(filter, after, limit);
    EXPECT_TRUE(page.has_value());
    std::string ids;
    for (const Document& document : page->documents) ids += document.id + " ";
    return ids + (page->more ? "more" : "");
  }

  int64_t now_ns_ = 100;
  int ids_ = 0;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Documents> documents_;
};

TEST_F(DocumentsTest, KeepsWhatItWasGiven) {
  const Document made = Make(kBoard, "latency", "ds", "up");
  EXPECT_EQ(made.id, "id1");
  const auto got = documents_->Get(kBoard, kProject, "id1");
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->dataset, "ds");
  EXPECT_EQ(got->parent, "up");
  EXPECT_EQ(got->name, "latency");
  EXPECT_EQ(got->body, "{\"a\":1}");
  EXPECT_EQ(got->created_ns, 101);
  EXPECT_EQ(got->updated_ns, 101);
  EXPECT_EQ(documents_->Find(kBoard, kProject, "ds", "latency", "up")->id, "id1");
}

TEST_F(DocumentsTest, WhatIsNotThereSaysSo) {
  Make(kBoard, "latency");
  EXPECT_EQ(documents_->Get(DocumentKind::kSlo, kProject, "id1").error().code, Code::kNotFound);
  EXPECT_EQ(documents_->Get(kBoard, "other", "id1").error().code, Code::kNotFound);
  EXPECT_EQ(documents_->Get(kBoard, kProject, "ID1").error().code, Code::kNotFound);
  EXPECT_EQ(documents_->Find(kBoard, kProject, "", "Latency").error().code, Code::kNotFound);
  EXPECT_EQ(documents_->Find(kBoard, kProject, "ds", "latency").error().code, Code::kNotFound);
  EXPECT_EQ(documents_->Delete(kBoard, kProject, "id2").error().code, Code::kNotFound);
  const auto none =
      documents_->Modify(kBoard, kProject, "id2", [](Document&) -> Status { return {}; });
  EXPECT_EQ(none.error().code, Code::kNotFound);
}

TEST_F(DocumentsTest, NamesAreUniqueWithinKindDatasetAndParent) {
  Make(kBoard, "a", "x");
  Make(kBoard, "a", "y");
  Make(kBoard, "a", "x", "up");
  Make(DocumentKind::kSlo, "a", "x");
  const auto twice = documents_->Create({.kind = kBoard, .dataset = "x", .name = "a"});
  EXPECT_EQ(twice.error().code, Code::kAlreadyExists);
  EXPECT_EQ(twice.error().message, "there is a board of that name already");
  EXPECT_TRUE(
      documents_->Create({.kind = kBoard, .project = "other", .dataset = "x", .name = "a"}));
  // Nameless ones are never alike.
  Make(kBoard, "", "x");
  Make(kBoard, "", "x");
}

TEST_F(DocumentsTest, AnIdCanBeGivenOnce) {
  ASSERT_TRUE(documents_->Create({.kind = kBoard, .id = "mine"}).has_value());
  EXPECT_EQ(documents_->Create({.kind = kBoard, .id = "mine"}).error().message,
            "there is a board of that id");
  EXPECT_TRUE(documents_->Create({.kind = DocumentKind::kSlo, .id = "mine"}).has_value());
}

TEST_F(DocumentsTest, SizesAreLimited) {
  Document large{.kind = kBoard, .body = std::string(Documents::kBodyBytesMax + 1, 'x')};
  EXPECT_EQ(documents_->Create(large).error().code, Code::kOutOfRange);
  large.body = "{}";
  large.name = std::string(Documents::kNameBytesMax + 1, 'x');
  EXPECT_EQ(documents_->Create(large).error().code, Code::kOutOfRange);
  Make(kBoard, "a");
  const auto grown = documents_->Modify(kBoard, kProject, "id1", [&](Document& board) -> Status {
    board.name = large.name;
    return {};
  });
  EXPECT_EQ(grown.error().code, Code::kOutOfRange);
  EXPECT_EQ(documents_->Get(kBoard, kProject, "id1")->name, "a");
}

TEST_F(DocumentsTest, ListsInTheOrderTheyWereMade) {
  for (const char* dataset : {"x", "y", "x", "x"}) Make(kBoard, "", dataset);
  Make(DocumentKind::kBoardView, "", "", "id1");
  EXPECT_EQ(Ids({.kind = kBoard}), "id1 id2 id3 id4 ");
  EXPECT_EQ(Ids({.kind = kBoard, .dataset = "x"}), "id1 id3 id4 ");
  EXPECT_EQ(Ids({.kind = kBoard}, 0, 2), "id1 id2 more");
  EXPECT_EQ(Ids({.kind = kBoard}, 2, 2), "id3 id4 ");
  EXPECT_EQ(Ids({.kind = DocumentKind::kBoardView, .parent = "id1"}), "id5 ");
  EXPECT_EQ(Ids({.kind = DocumentKind::kBoardView, .parent = "id2"}), "");
  EXPECT_EQ(*documents_->Count({.kind = kBoard, .dataset = "x"}), 3u);
  EXPECT_EQ(documents_->ListAll({.kind = kBoard})->size(), 4u);
}

TEST_F(DocumentsTest, ListAllGoesOverPages) {
  for (size_t i = 0; i < Documents::kPageMax + 1; ++i) Make(kBoard, "");
  EXPECT_EQ(documents_->ListAll({.kind = kBoard})->size(), Documents::kPageMax + 1);
}

TEST_F(DocumentsTest, ModifyChangesAllOrNothing) {
  Make(kBoard, "a");
  Make(kBoard, "b");
  const auto changed = documents_->Modify(kBoard, kProject, "id1", [](Document& board) -> Status {
    board.name = "c";
    board.body = "{}";
    return {};
  });
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->updated_ns, 103);
  EXPECT_EQ(documents_->Get(kBoard, kProject, "id1")->body, "{}");
  EXPECT_EQ(documents_->Find(kBoard, kProject, "", "c")->created_ns, 101);
  const auto taken = documents_->Modify(kBoard, kProject, "id1", [](Document& board) -> Status {
    board.name = "b";
    return {};
  });
  EXPECT_EQ(taken.error().code, Code::kAlreadyExists);
  const auto refused = documents_->Modify(kBoard, kProject, "id1", [](Document& board) -> Status {
    board.name = "d";
    return Error(Code::kInvalidArgument, "no");
  });
  EXPECT_EQ(refused.error().message, "no");
  EXPECT_EQ(documents_->Get(kBoard, kProject, "id1")->name, "c");
}

TEST_F(DocumentsTest, DeleteTakesWhatGoesWithIt) {
  Make(kBoard, "a");
  Make(DocumentKind::kBoardView, "v", "", "id1");
  Make(DocumentKind::kBoardView, "v", "", "id9");
  EXPECT_TRUE(documents_->Delete(kBoard, kProject, "id1").has_value());
  EXPECT_EQ(Ids({.kind = kBoard}), "");
  EXPECT_EQ(Ids({.kind = DocumentKind::kBoardView}), "id3 ");
  Make(kBoard, "a");
}

TEST_F(DocumentsTest, DeleteDatasetTakesEveryKind) {
  Make(kBoard, "", "x");
  Make(DocumentKind::kSlo, "a", "x");
  Make(DocumentKind::kSlo, "a", "y");
  EXPECT_TRUE(documents_->DeleteDataset(kProject, "x").has_value());
  EXPECT_EQ(Ids({.kind = kBoard}), "");
  EXPECT_EQ(Ids({.kind = DocumentKind::kSlo}), "id3 ");
}

TEST_F(DocumentsTest, TrimLeavesTheNewest) {
  for (int i = 0; i < 4; ++i) Make(kBoard, "");
  Make(DocumentKind::kSlo, "");
  EXPECT_TRUE(documents_->Trim(kBoard, kProject, 4).has_value());
  EXPECT_EQ(Ids({.kind = kBoard}), "id1 id2 id3 id4 ");
  EXPECT_TRUE(documents_->Trim(kBoard, kProject, 2).has_value());
  EXPECT_EQ(Ids({.kind = kBoard}), "id3 id4 ");
  EXPECT_EQ(Ids({.kind = DocumentKind::kSlo}), "id5 ");
}

TEST(NewDocumentIdTest, IsShortAndNeverTheSame) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(NewDocumentId());
  EXPECT_EQ(ids.size(), 1000u);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), 11u);
    EXPECT_EQ(id.find_first_of("0OIl-_/"), std::string::npos);
  }
}

}  // namespace
}  // namespace skep
