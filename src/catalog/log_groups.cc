// SPDX-License-Identifier: Apache-2.0
#include "catalog/log_groups.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace skep {
namespace {

constexpr char kNoGroup[] = "The specified log group does not exist.";
constexpr char kNoStream[] = "The specified log stream does not exist.";

constexpr std::string_view kGroupColumns =
    "project, name, created_ms, retention_days, log_class, kms_key, deletion_protected, "
    "stored_bytes";
const DbColumns kGroupTypes = {DbType::kText, DbType::kText, DbType::kInt, DbType::kInt,
                               DbType::kText, DbType::kText, DbType::kInt, DbType::kInt};

LogGroup ReadGroup(const DbRow& row) {
  LogGroup group;
  group.project = row.Text(0);
  group.name = row.Text(1);
  group.created_ms = row.Int(2);
  group.retention_days = row.Int(3);
  group.log_class = row.Text(4);
  group.kms_key = row.Text(5);
  group.deletion_protected = row.Int(6) != 0;
  group.stored_bytes = row.Int(7);
  return group;
}

constexpr std::string_view kStreamColumns =
    "name, created_ms, events, first_event_ms, last_event_ms, last_ingestion_ms";
const DbColumns kStreamTypes = {DbType::kText, DbType::kInt, DbType::kInt,
                                DbType::kInt,  DbType::kInt, DbType::kInt};

LogStream ReadStream(const DbRow& row) {
  LogStream stream;
  stream.name = row.Text(0);
  stream.created_ms = row.Int(1);
  stream.events = row.Int(2);
  stream.first_event_ms = row.Int(3);
  stream.last_event_ms = row.Int(4);
  stream.last_ingestion_ms = row.Int(5);
  return stream;
}

// SQL with places, and what goes into them.
struct Question {
  std::string sql;
  DbParams params;

  // `sql` has one `?` where the value's place goes.
  void Add(std::string_view text, DbValue value) {
    const size_t at = text.find('?');
    sql.append(text.substr(0, at)).append(":p").append(std::to_string(params.size()));
    sql.append(text.substr(at + 1));
    params.push_back(std::move(value));
  }
  // Names that begin with `prefix`: up to the last code point, so that an index is used.
  void AddPrefix(const std::string& prefix) {
    if (prefix.empty()) return;
    Add(" AND name >= ?", prefix);
    Add(" AND name < ?", prefix + "\xF4\x8F\xBF\xBF");
  }
};

Result<std::optional<LogGroup>> FindGroup(DbSession& session, const std::string& project,
                                          const std::string& name) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT " + std::string(kGroupColumns) +
                                " FROM log_groups WHERE project = :p AND name = :n",
                            {project, name}, kGroupTypes));
  if (rows.empty()) return std::optional<LogGroup>();
  return std::optional<LogGroup>(ReadGroup(rows.front()));
}

Result<LogGroup> NeedGroup(DbSession& session, const std::string& project,
                           const std::string& name) {
  SKEP_ASSIGN(std::optional<LogGroup> group, FindGroup(session, project, name));
  if (!group) return Error(Code::kNotFound, kNoGroup);
  return std::move(*group);
}

Result<LogStream> NeedStream(DbSession& session, const std::string& project,
                             const std::string& group, const std::string& stream) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT " + std::string(kStreamColumns) +
                                " FROM log_streams WHERE project = :p AND log_group = :g"
                                " AND name = :n",
                            {project, group, stream}, kStreamTypes));
  if (rows.empty()) return Error(Code::kNotFound, kNoStream);
  return ReadStream(rows.front());
}

Status PutTags(DbSession& session, const std::string& project, const std::string& group,
               const LogTags& tags) {
  for (const auto& [key, value] : tags) {
    SKEP_TRY(
        session.Execute("INSERT INTO log_group_tags (project, log_group, tag_key, tag_value)"
                        " VALUES (:p, :g, :k, :v) ON CONFLICT (project, log_group, tag_key)"
                        " DO UPDATE SET tag_value = excluded.tag_value",
                        {project, group, key, value}));
  }
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT COUNT(*) FROM log_group_tags WHERE project = :p"
                            " AND log_group = :g",
                            {project, group}, {DbType::kInt}));
  if (rows.front().Int(0) > static_cast<int64_t>(LogGroups::kTagsMax))
    return Error(Code::kOutOfRange, "A resource can have no more than 50 tags.");
  return {};
}

// What writes add to one stream.
struct StreamSum {
  int64_t events = 0;
  int64_t bytes = 0;
  int64_t first_event_ms = INT64_MAX;
  int64_t last_event_ms = INT64_MIN;
  int64_t ingestion_ms = 0;

  void Add(const LogStreamWrite& write) {
    events += write.events;
    bytes += write.bytes;
    first_event_ms = std::min(first_event_ms, write.first_event_ms);
    last_event_ms = std::max(last_event_ms, write.last_event_ms);
    ingestion_ms = std::max(ingestion_ms, write.ingestion_ms);
  }
};
using StreamKey = std::tuple<std::string, std::string, std::string>;  // project, group, stream

Status AddToStream(DbSession& session, const StreamKey& key, const StreamSum& sum) {
  const auto& [project, group, stream] = key;
  SKEP_TRY(session.Execute(
      "INSERT INTO log_streams (project, log_group, name, created_ms, events, first_event_ms,"
      " last_event_ms, last_ingestion_ms) VALUES (:p, :g, :n, :c, :e, :f, :l, :i)"
      " ON CONFLICT (project, log_group, name) DO UPDATE SET"
      " first_event_ms = CASE WHEN log_streams.events = 0"
      "  OR excluded.first_event_ms < log_streams.first_event_ms"
      "  THEN excluded.first_event_ms ELSE log_streams.first_event_ms END,"
      " last_event_ms = CASE WHEN log_streams.events = 0"
      "  OR excluded.last_event_ms > log_streams.last_event_ms"
      "  THEN excluded.last_event_ms ELSE log_streams.last_event_ms END,"
      " last_ingestion_ms = CASE WHEN excluded.last_ingestion_ms > log_streams.last_ingestion_ms"
      "  THEN excluded.last_ingestion_ms ELSE log_streams.last_ingestion_ms END,"
      " events = log_streams.events + excluded.events",
      {project, group, stream, sum.ingestion_ms, sum.events, sum.first_event_ms, sum.last_event_ms,
       sum.ingestion_ms}));
  SKEP_TRY(session.Execute(
      "INSERT INTO log_groups (project, name, created_ms, retention_days, log_class, kms_key,"
      " deletion_protected, stored_bytes) VALUES (:p, :n, :c, 0, 'STANDARD', '', 0, :b)"
      " ON CONFLICT (project, name) DO UPDATE SET"
      " stored_bytes = log_groups.stored_bytes + excluded.stored_bytes",
      {project, group, sum.ingestion_ms, sum.bytes}));
  return {};
}

}  // namespace

void LogGroups::Forget() {
  known_.With([](Known& known) {
    ++known.generation;
    known.retention_by_stream.clear();
  });
}

Status LogGroups::CreateGroup(const LogGroup& group, const LogTags& tags) {
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(const std::optional<LogGroup> found, FindGroup(session, group.project, group.name));
    if (found) return Error(Code::kAlreadyExists, "The specified log group already exists");
    SKEP_TRY(session.Execute(
        "INSERT INTO log_groups (" + std::string(kGroupColumns) +
            ") VALUES (:p, :n, :c, :r, :l, :k, :d, 0)",
        {group.project, group.name, group.created_ms, group.retention_days, group.log_class,
         group.kms_key, static_cast<int64_t>(group.deletion_protected)}));
    return PutTags(session, group.project, group.name, tags);
  });
}

Status LogGroups::CreateStream(const std::string& project, const std::string& group,
                               const std::string& stream, int64_t now_ms) {
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, project, group));
    SKEP_ASSIGN(const int64_t added,
                session.Execute("INSERT INTO log_streams (project, log_group, name, created_ms,"
                                " events, first_event_ms, last_event_ms, last_ingestion_ms)"
                                " VALUES (:p, :g, :n, :c, 0, 0, 0, 0)"
                                " ON CONFLICT (project, log_group, name) DO NOTHING",
                                {project, group, stream, now_ms}));
    if (added == 0) return Error(Code::kAlreadyExists, "The specified log stream already exists");
    return {};
  });
}

Status LogGroups::DeleteGroup(const std::string& project, const std::string& group) {
  const Status deleted = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(const LogGroup found, NeedGroup(session, project, group));
    if (found.deletion_protected)
      return Error(Code::kFailedPrecondition, "The log group is protected from deletion.");
    SKEP_ASSIGN(const DbRows written,
                session.Query("SELECT COUNT(*) FROM log_streams WHERE project = :p"
                              " AND log_group = :g AND events > 0",
                              {project, group}, {DbType::kInt}));
    if (found.stored_bytes > 0 || written.front().Int(0) > 0)
      return Error(Code::kFailedPrecondition,
                   "The log group holds log events, which this server cannot delete.");
    for (const char* sql : {"DELETE FROM log_streams WHERE project = :p AND log_group = :g",
                            "DELETE FROM log_group_tags WHERE project = :p AND log_group = :g",
                            "DELETE FROM log_groups WHERE project = :p AND name = :g"})
      SKEP_TRY(session.Execute(sql, {project, group}));
    return {};
  });
  Forget();
  return deleted;
}

Status LogGroups::DeleteStream(const std::string& project, const std::string& group,
                               const std::string& stream) {
  const Status deleted = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, project, group));
    SKEP_ASSIGN(const LogStream found, NeedStream(session, project, group, stream));
    if (found.events > 0)
      return Error(Code::kFailedPrecondition,
                   "The log stream holds log events, which this server cannot delete.");
    SKEP_TRY(session.Execute(
        "DELETE FROM log_streams WHERE project = :p AND log_group = :g AND name = :n",
        {project, group, stream}));
    return {};
  });
  Forget();
  return deleted;
}

Status LogGroups::SetRetention(const std::string& project, const std::string& group, int64_t days) {
  SKEP_ASSIGN(const int64_t changed,
              database_->Execute("UPDATE log_groups SET retention_days = :d WHERE project = :p"
                                 " AND name = :n",
                                 {days, project, group}));
  Forget();
  if (changed == 0) return Error(Code::kNotFound, kNoGroup);
  return {};
}

Status LogGroups::AddTags(const std::string& project, const std::string& group,
                          const LogTags& tags) {
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, project, group));
    return PutTags(session, project, group, tags);
  });
}

Status LogGroups::RemoveTags(const std::string& project, const std::string& group,
                             const std::vector<std::string>& keys) {
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, project, group));
    for (const std::string& key : keys)
      SKEP_TRY(
          session.Execute("DELETE FROM log_group_tags WHERE project = :p AND log_group = :g"
                          " AND tag_key = :k",
                          {project, group, key}));
    return {};
  });
}

Result<LogTags> LogGroups::Tags(const std::string& project, const std::string& group) const {
  LogTags tags;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, project, group));
    SKEP_ASSIGN(const DbRows rows,
                session.Query("SELECT tag_key, tag_value FROM log_group_tags WHERE project = :p"
                              " AND log_group = :g",
                              {project, group}, {DbType::kText, DbType::kText}));
    for (const DbRow& row : rows) tags.emplace(row.Text(0), row.Text(1));
    return {};
  });
  if (!done) return done.error();
  return tags;
}

Result<LogGroup> LogGroups::GetGroup(const std::string& project, const std::string& group) const {
  LogGroup found;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(found, NeedGroup(session, project, group));
    return {};
  });
  if (!done) return done.error();
  return found;
}

Result<LogStream> LogGroups::GetStream(const std::string& project, const std::string& group,
                                       const std::string& stream) const {
  LogStream found;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, project, group));
    SKEP_ASSIGN(found, NeedStream(session, project, group, stream));
    return {};
  });
  if (!done) return done.error();
  return found;
}

Result<LogGroupPage> LogGroups::ListGroups(const LogGroupFilter& filter, const std::string& after,
                                           size_t limit) const {
  Question question;
  question.sql = "SELECT " + std::string(kGroupColumns) + " FROM log_groups";
  question.Add(" WHERE project = ?", filter.project);
  question.AddPrefix(filter.prefix);
  if (!after.empty()) question.Add(" AND name > ?", after);
  // Case counts, which it does not in LIKE.
  if (!filter.contains.empty()) question.Add(" AND replace(name, ?, '') <> name", filter.contains);
  if (!filter.log_class.empty()) question.Add(" AND log_class = ?", filter.log_class);
  for (size_t i = 0; i < filter.names.size(); ++i)
    question.Add(i == 0 ? " AND name IN (?" : ", ?", filter.names[i]);
  if (!filter.names.empty()) question.sql += ")";
  question.Add(" ORDER BY name LIMIT ?", static_cast<int64_t>(limit + 1));
  SKEP_ASSIGN(const DbRows rows, database_->Query(question.sql, question.params, kGroupTypes));
  LogGroupPage page;
  for (const DbRow& row : rows) page.groups.push_back(ReadGroup(row));
  page.more = page.groups.size() > limit;
  if (page.more) page.groups.pop_back();
  return page;
}

Result<LogStreamPage> LogGroups::ListStreams(const LogStreamFilter& filter,
                                             const std::optional<LogStreamPosition>& after,
                                             size_t limit) const {
  const bool by_name = filter.order == LogStreamOrder::kName;
  const bool down = filter.descending;
  Question question;
  question.sql = "SELECT " + std::string(kStreamColumns) + " FROM log_streams";
  question.Add(" WHERE project = ?", filter.project);
  question.Add(" AND log_group = ?", filter.group);
  question.AddPrefix(filter.prefix);
  if (after && by_name) question.Add(down ? " AND name < ?" : " AND name > ?", after->name);
  if (after && !by_name) {
    question.Add(down ? " AND (last_event_ms < ?" : " AND (last_event_ms > ?",
                 after->last_event_ms);
    question.Add(" OR (last_event_ms = ?", after->last_event_ms);
    question.Add(down ? " AND name < ?))" : " AND name > ?))", after->name);
  }
  if (!by_name) question.sql += down ? " ORDER BY last_event_ms DESC," : " ORDER BY last_event_ms,";
  question.sql += by_name ? " ORDER BY name" : " name";
  question.Add(down ? " DESC LIMIT ?" : " LIMIT ?", static_cast<int64_t>(limit + 1));
  LogStreamPage page;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(NeedGroup(session, filter.project, filter.group));
    SKEP_ASSIGN(const DbRows rows, session.Query(question.sql, question.params, kStreamTypes));
    for (const DbRow& row : rows) page.streams.push_back(ReadStream(row));
    return {};
  });
  if (!done) return done.error();
  page.more = page.streams.size() > limit;
  if (page.more) page.streams.pop_back();
  return page;
}

Result<int64_t> LogGroups::RetentionForWriting(const std::string& project, const std::string& group,
                                               const std::string& stream) {
  // Neither name can hold a `:`.
  std::string key = project + ':' + group + ':' + stream;
  const auto [hit, retention, generation] = known_.With([&](const Known& known) {
    const auto at = known.retention_by_stream.find(key);
    const bool found = at != known.retention_by_stream.end();
    return std::tuple(found, found ? at->second : 0, known.generation);
  });
  if (hit) return retention;
  int64_t days = 0;
  const Status done = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(const LogGroup found, NeedGroup(session, project, group));
    SKEP_TRY(NeedStream(session, project, group, stream));
    days = found.retention_days;
    return {};
  });
  if (!done) return done.error();
  known_.With([&](Known& known) {
    if (known.generation != generation) return;
    if (known.retention_by_stream.size() >= kKnownMax) known.retention_by_stream.clear();
    known.retention_by_stream.emplace(std::move(key), days);
  });
  return days;
}

Status LogGroups::Apply(const std::vector<LogStreamWrite>& writes) {
  if (writes.empty()) return {};
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(
        const DbRows progress,
        session.Query("SELECT sequence FROM log_progress WHERE id = 1", {}, {DbType::kInt}));
    uint64_t applied = progress.front().UInt(0);
    std::map<StreamKey, StreamSum> sums;
    for (const LogStreamWrite& write : writes) {
      if (write.sequence <= applied) continue;
      sums[{write.project, write.group, write.stream}].Add(write);
      applied = write.sequence;
    }
    for (const auto& [key, sum] : sums) SKEP_TRY(AddToStream(session, key, sum));
    SKEP_TRY(
        session.Execute("UPDATE log_progress SET sequence = :s WHERE id = 1", {DbBits(applied)}));
    return {};
  });
}

}  // namespace skep
