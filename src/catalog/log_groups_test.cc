// SPDX-License-Identifier: Apache-2.0
#include "catalog/log_groups.h"

#include <gtest/gtest.h>

#include <memory>

namespace skep {
namespace {

using Names = std::vector<std::string>;
constexpr char kProject[] = "default";

class LogGroupsTest : public ::testing::Test {
 protected:
  LogGroupsTest() {
    auto opened = Database::Open({":memory:"});
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    database_ = std::move(*opened);
    groups_ = std::make_unique<LogGroups>(database_.get());
  }

  void Create(const std::string& name, const LogTags& tags = {}) {
    const Status created = groups_->CreateGroup({.name = name, .created_ms = 5}, tags);
    EXPECT_TRUE(created.has_value()) << name;
  }
  void Stream(const std::string& group, const std::string& stream) {
    EXPECT_TRUE(groups_->CreateStream(kProject, group, stream, 7).has_value()) << stream;
  }
  static LogStreamWrite Write(uint64_t sequence, const std::string& stream, int64_t first_ms,
                              int64_t last_ms) {
    return {.sequence = sequence,
            .project = kProject,
            .group = "g",
            .stream = stream,
            .events = 2,
            .bytes = 100,
            .first_event_ms = first_ms,
            .last_event_ms = last_ms,
            .ingestion_ms = last_ms + 1};
  }
  void Apply(const std::vector<LogStreamWrite>& writes) {
    const Status applied = groups_->Apply(writes);
    EXPECT_TRUE(applied.has_value()) << applied.error().detail;
  }
  // All pages of `limit`, joined by "|".
  Names GroupNames(const LogGroupFilter& filter, size_t limit = 50) {
    Names names;
    std::string after;
    for (bool more = true; more;) {
      const auto page = groups_->ListGroups(filter, after, limit);
      EXPECT_TRUE(page.has_value());
      for (const LogGroup& group : page->groups) names.push_back(after = group.name);
      more = page->more;
      if (more) names.emplace_back("|");
    }
    return names;
  }
  Names StreamNames(const LogStreamFilter& filter, size_t limit = 50) {
    Names names;
    std::optional<LogStreamPosition> after;
    for (bool more = true; more;) {
      const auto page = groups_->ListStreams(filter, after, limit);
      EXPECT_TRUE(page.has_value());
      for (const LogStream& stream : page->streams) {
        names.push_back(stream.name);
        after = LogStreamPosition{stream.name, stream.last_event_ms};
      }
      more = page->more;
      if (more) names.emplace_back("|");
    }
    return names;
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<LogGroups> groups_;
};

TEST_F(LogGroupsTest, WhatIsThereTwiceOrNotSaysSo) {
  EXPECT_EQ(groups_->CreateStream(kProject, "g", "s", 1).error().message,
            "The specified log group does not exist.");
  Create("g");
  EXPECT_EQ(groups_->CreateGroup({.name = "g"}, {}).error().code, Code::kAlreadyExists);
  EXPECT_TRUE(groups_->CreateGroup({.project = "other", .name = "g"}, {}).has_value());
  Stream("g", "s");
  EXPECT_EQ(groups_->CreateStream(kProject, "g", "s", 1).error().message,
            "The specified log stream already exists");
  EXPECT_EQ(groups_->GetStream(kProject, "g", "S").error().message,
            "The specified log stream does not exist.");
  EXPECT_EQ(groups_->GetGroup("other", "h").error().code, Code::kNotFound);
  EXPECT_EQ(groups_->SetRetention(kProject, "h", 7).error().code, Code::kNotFound);
  EXPECT_EQ(groups_->Tags(kProject, "h").error().code, Code::kNotFound);
  EXPECT_EQ(groups_->DeleteGroup(kProject, "h").error().code, Code::kNotFound);
  EXPECT_EQ(groups_->DeleteStream(kProject, "g", "t").error().code, Code::kNotFound);
  EXPECT_EQ(groups_->ListStreams({.group = "h"}, {}, 5).error().code, Code::kNotFound);
}

TEST_F(LogGroupsTest, ListsGroupsByBytesOfTheirNames) {
  for (const char* name : {"b", "a", "B", "/a/b", "/a", "a1", "a#"}) Create(name);
  EXPECT_EQ(GroupNames({}), (Names{"/a", "/a/b", "B", "a", "a#", "a1", "b"}));
  EXPECT_EQ(GroupNames({}, 3), (Names{"/a", "/a/b", "B", "|", "a", "a#", "a1", "|", "b"}));
  EXPECT_EQ(GroupNames({.prefix = "a"}, 2), (Names{"a", "a#", "|", "a1"}));
  EXPECT_EQ(GroupNames({.contains = "B"}), Names{"B"});
  EXPECT_EQ(GroupNames({.contains = "/"}), (Names{"/a", "/a/b"}));
  EXPECT_EQ(GroupNames({.names = {"b", "none", "a"}}), (Names{"a", "b"}));
  EXPECT_EQ(GroupNames({.log_class = "DELIVERY"}), Names{});
  EXPECT_EQ(GroupNames({.prefix = "a' OR 1=1 --"}), Names{});
}

TEST_F(LogGroupsTest, ListsStreamsByNameOrLastEvent) {
  Create("g");
  Create("h");
  for (const char* name : {"s2", "s1", "s3", "t", "s%"}) Stream("g", name);
  Stream("h", "s9");
  Apply({Write(1, "s3", 10, 10), Write(2, "s1", 20, 30), Write(3, "t", 20, 30)});
  EXPECT_EQ(StreamNames({.group = "g"}, 2), (Names{"s%", "s1", "|", "s2", "s3", "|", "t"}));
  EXPECT_EQ(StreamNames({.group = "g", .descending = true}, 3),
            (Names{"t", "s3", "s2", "|", "s1", "s%"}));
  EXPECT_EQ(StreamNames({.group = "g", .prefix = "s"}), (Names{"s%", "s1", "s2", "s3"}));
  const LogStreamFilter last{.group = "g", .order = LogStreamOrder::kLastEvent};
  EXPECT_EQ(StreamNames(last, 1), (Names{"s%", "|", "s2", "|", "s3", "|", "s1", "|", "t"}));
  LogStreamFilter newest = last;
  newest.descending = true;
  EXPECT_EQ(StreamNames(newest, 2), (Names{"t", "s1", "|", "s3", "s2", "|", "s%"}));
}

TEST_F(LogGroupsTest, CountsEventsOnce) {
  Create("g");
  Stream("g", "s");
  Apply({Write(4, "s", 20, 30), Write(5, "s", 10, 15)});
  Apply({Write(4, "s", 20, 30), Write(5, "s", 10, 15)});
  Apply({});
  const auto stream = groups_->GetStream(kProject, "g", "s");
  ASSERT_TRUE(stream.has_value());
  EXPECT_EQ(stream->events, 4);
  EXPECT_EQ(stream->first_event_ms, 10);
  EXPECT_EQ(stream->last_event_ms, 30);
  EXPECT_EQ(stream->last_ingestion_ms, 31);
  EXPECT_EQ(stream->created_ms, 7);
  EXPECT_EQ(groups_->GetGroup(kProject, "g")->stored_bytes, 200);
  Apply({Write(6, "s", 40, 50)});
  EXPECT_EQ(groups_->GetStream(kProject, "g", "s")->events, 6);
  EXPECT_EQ(groups_->GetStream(kProject, "g", "s")->first_event_ms, 10);
  EXPECT_EQ(groups_->GetStream(kProject, "g", "s")->last_event_ms, 50);
}

TEST_F(LogGroupsTest, DeletesOnlyWhatIsEmpty) {
  Create("g", {{"k", "v"}});
  Stream("g", "s");
  Stream("g", "empty");
  Apply({Write(1, "s", 1, 2)});
  EXPECT_EQ(groups_->DeleteStream(kProject, "g", "s").error().code, Code::kFailedPrecondition);
  EXPECT_EQ(groups_->DeleteGroup(kProject, "g").error().code, Code::kFailedPrecondition);
  EXPECT_TRUE(groups_->DeleteStream(kProject, "g", "empty").has_value());
  EXPECT_EQ(StreamNames({.group = "g"}), Names{"s"});
  Create("h", {{"k", "v"}});
  Stream("h", "s");
  EXPECT_TRUE(groups_->DeleteGroup(kProject, "h").has_value());
  Create("h");
  EXPECT_TRUE(groups_->Tags(kProject, "h")->empty());
  EXPECT_EQ(StreamNames({.group = "h"}), Names{});
  EXPECT_TRUE(
      groups_->CreateGroup({.name = "guarded", .deletion_protected = true}, {}).has_value());
  EXPECT_EQ(groups_->DeleteGroup(kProject, "guarded").error().code, Code::kFailedPrecondition);
}

TEST_F(LogGroupsTest, EventsOnTheirWayBringTheirStreamBack) {
  Create("g");
  Stream("g", "s");
  EXPECT_TRUE(groups_->DeleteGroup(kProject, "g").has_value());
  Apply({Write(1, "s", 1, 2)});
  EXPECT_EQ(groups_->GetStream(kProject, "g", "s")->events, 2);
  EXPECT_EQ(groups_->GetGroup(kProject, "g")->stored_bytes, 100);
}

TEST_F(LogGroupsTest, TagsAreMergedUpToALimit) {
  Create("g", {{"a", "1"}, {"b", "2"}});
  EXPECT_TRUE(groups_->AddTags(kProject, "g", {{"b", "3"}, {"c", ""}}).has_value());
  EXPECT_TRUE(groups_->RemoveTags(kProject, "g", {"a", "none"}).has_value());
  EXPECT_EQ(*groups_->Tags(kProject, "g"), (LogTags{{"b", "3"}, {"c", ""}}));
  LogTags many;
  for (int i = 0; i < 49; ++i) many["k" + std::to_string(i)] = "v";
  EXPECT_EQ(groups_->AddTags(kProject, "g", many).error().code, Code::kOutOfRange);
  EXPECT_EQ(groups_->Tags(kProject, "g")->size(), 2u);
}

TEST_F(LogGroupsTest, WhatWritersAskFollowsEveryChange) {
  EXPECT_EQ(groups_->RetentionForWriting(kProject, "g", "s").error().message,
            "The specified log group does not exist.");
  Create("g");
  EXPECT_EQ(groups_->RetentionForWriting(kProject, "g", "s").error().message,
            "The specified log stream does not exist.");
  Stream("g", "s");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(*groups_->RetentionForWriting(kProject, "g", "s"), 0);
  EXPECT_TRUE(groups_->SetRetention(kProject, "g", 7).has_value());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(*groups_->RetentionForWriting(kProject, "g", "s"), 7);
  EXPECT_TRUE(groups_->DeleteStream(kProject, "g", "s").has_value());
  EXPECT_EQ(groups_->RetentionForWriting(kProject, "g", "s").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace skep
