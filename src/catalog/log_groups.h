// SPDX-License-Identifier: Apache-2.0
// LogGroups: CloudWatch's log groups and streams in the catalog: made, listed in order of name, and
// counted after the commit of their events. Names are compared by bytes. What PutLogEvents asks
// before every batch is kept in memory. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"
#include "catalog/database.h"

namespace skep {

struct LogGroup {
  std::string project = "default";
  std::string name{};
  int64_t created_ms = 0;
  int64_t retention_days = 0;  // 0: for ever
  std::string log_class = "STANDARD";
  std::string kms_key{};  // remembered, not used
  bool deletion_protected = false;
  int64_t stored_bytes = 0;  // as AWS counts: UTF-8 of the messages and 26 a message
};

struct LogStream {
  std::string name{};
  int64_t created_ms = 0;
  int64_t events = 0;  // 0: the times below mean nothing
  int64_t first_event_ms = 0;
  int64_t last_event_ms = 0;
  int64_t last_ingestion_ms = 0;
};

using LogTags = std::map<std::string, std::string>;

// Empty fields do not restrict.
struct LogGroupFilter {
  std::string project = "default";
  std::string prefix{};
  std::string contains{};
  std::string log_class{};
  std::vector<std::string> names{};
};
struct LogGroupPage {
  std::vector<LogGroup> groups;  // in order of name
  bool more = false;
};

enum class LogStreamOrder { kName, kLastEvent };
struct LogStreamFilter {
  std::string project = "default";
  std::string group{};
  std::string prefix{};
  LogStreamOrder order = LogStreamOrder::kName;
  bool descending = false;
};
// Where a page ended: the last stream's name and, in that order, its last event's time.
struct LogStreamPosition {
  std::string name{};
  int64_t last_event_ms = 0;
};
struct LogStreamPage {
  std::vector<LogStream> streams;
  bool more = false;
};

// Events of one acknowledged request.
struct LogStreamWrite {
  uint64_t sequence = 0;
  std::string project{};
  std::string group{};
  std::string stream{};
  int64_t events = 0;
  int64_t bytes = 0;
  int64_t first_event_ms = 0;
  int64_t last_event_ms = 0;
  int64_t ingestion_ms = 0;
};

class LogGroups {
 public:
  static constexpr size_t kTagsMax = 50;  // per group

  // The database must outlive it.
  explicit LogGroups(Database* database) : database_(database) {}

  // Messages of errors are AWS's. kAlreadyExists, kNotFound.
  Status CreateGroup(const LogGroup& group, const LogTags& tags);
  Status CreateStream(const std::string& project, const std::string& group,
                      const std::string& stream, int64_t now_ms);
  // Only what holds no events can go: kFailedPrecondition.
  Status DeleteGroup(const std::string& project, const std::string& group);
  Status DeleteStream(const std::string& project, const std::string& group,
                      const std::string& stream);
  Status SetRetention(const std::string& project, const std::string& group, int64_t days);
  // kOutOfRange: over kTagsMax.
  Status AddTags(const std::string& project, const std::string& group, const LogTags& tags);
  Status RemoveTags(const std::string& project, const std::string& group,
                    const std::vector<std::string>& keys);
  Result<LogTags> Tags(const std::string& project, const std::string& group) const;

  Result<LogGroup> GetGroup(const std::string& project, const std::string& group) const;
  Result<LogStream> GetStream(const std::string& project, const std::string& group,
                              const std::string& stream) const;
  // Groups behind the name `after`.
  Result<LogGroupPage> ListGroups(const LogGroupFilter& filter, const std::string& after,
                                  size_t limit) const;
  // kNotFound if the group does not exist.
  Result<LogStreamPage> ListStreams(const LogStreamFilter& filter,
                                    const std::optional<LogStreamPosition>& after,
                                    size_t limit) const;

  // The retention of the group (0: for ever), if both exist: what must be known before events are
  // taken. kNotFound says which does not.
  Result<int64_t> RetentionForWriting(const std::string& project, const std::string& group,
                                      const std::string& stream);

  // Counts events, in one transaction. Writes come in order of sequence; one that was applied
  // before (a replay) changes nothing. A stream that was deleted while its events were on their way
  // is there again: what was acknowledged can be found.
  Status Apply(const std::vector<LogStreamWrite>& writes);

 private:
  // Streams that were written to lately, with their groups' retention. Emptied when anything
  // changes; `generation` says so to who reads meanwhile.
  struct Known {
    std::unordered_map<std::string, int64_t> retention_by_stream;
    uint64_t generation = 0;
  };
  static constexpr size_t kKnownMax = 10'000;
  void Forget();

  Database* database_;
  Guarded<Known> known_;
};

}  // namespace skep
