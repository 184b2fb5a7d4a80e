// SPDX-License-Identifier: Apache-2.0
#include "catalog/migrations.h"

#include <set>
#include <string>

#include "base/clock.h"

namespace skep {

// Each area appends its own below; keep an area's migrations in order.
const std::vector<Migration>& CatalogMigrations() {
  static const std::vector<Migration> migrations = {
      {"items_1",
       {"CREATE TABLE items ("
        " id BIGINT PRIMARY KEY,"
        " project TEXT NOT NULL,"
        " counter BIGINT NOT NULL,"
        " environment TEXT NOT NULL,"
        " fingerprint TEXT NOT NULL,"
        " grouping_version BIGINT NOT NULL,"
        " title TEXT NOT NULL,"
        " level BIGINT NOT NULL,"
        " status BIGINT NOT NULL,"
        " platform TEXT NOT NULL,"
        " framework TEXT NOT NULL,"
        " language TEXT NOT NULL,"
        " exception_class TEXT NOT NULL,"
        " door BIGINT NOT NULL,"
        " first_occurrence_ns BIGINT NOT NULL,"
        " first_occurrence_id BIGINT NOT NULL,"
        " last_occurrence_ns BIGINT NOT NULL,"
        " last_occurrence_id BIGINT NOT NULL,"
        " activating_occurrence_id BIGINT NOT NULL,"
        " last_activated_ns BIGINT NOT NULL,"
        " last_resolved_ns BIGINT NOT NULL,"
        " last_muted_ns BIGINT NOT NULL,"
        " resolved_in_version TEXT NOT NULL,"
        " total_occurrences BIGINT NOT NULL,"
        " occurrences_since_resolved BIGINT NOT NULL,"
        " people BIGINT NOT NULL)",
        "CREATE UNIQUE INDEX items_by_counter ON items (project, counter)",
        "CREATE INDEX items_by_last ON items (project, last_occurrence_ns)",
        // Who was hit, by a hash of who they are; counted in items.people up to a cap.
        "CREATE TABLE item_people ("
        " item BIGINT NOT NULL, person BIGINT NOT NULL, PRIMARY KEY (item, person))",
        // The last counter given out per project.
        "CREATE TABLE item_counters (project TEXT PRIMARY KEY, counter BIGINT NOT NULL)",
        // The last request whose effect is in the items: a replay starts after it.
        "CREATE TABLE item_progress (id BIGINT PRIMARY KEY, sequence BIGINT NOT NULL)",
        "INSERT INTO item_progress (id, sequence) VALUES (1, 0)"}},
      {"log_groups_1",
       {"CREATE TABLE log_groups ("
        " project TEXT NOT NULL,"
        " name TEXT NOT NULL,"
        " created_ms BIGINT NOT NULL,"
        " retention_days BIGINT NOT NULL,"
        " log_class TEXT NOT NULL,"
        " kms_key TEXT NOT NULL,"
        " deletion_protected BIGINT NOT NULL,"
        " stored_bytes BIGINT NOT NULL,"
        " PRIMARY KEY (project, name))",
        "CREATE TABLE log_streams ("
        " project TEXT NOT NULL,"
        " log_group TEXT NOT NULL,"
        " name TEXT NOT NULL,"
        " created_ms BIGINT NOT NULL,"
        " events BIGINT NOT NULL,"
        " first_event_ms BIGINT NOT NULL,"
        " last_event_ms BIGINT NOT NULL,"
        " last_ingestion_ms BIGINT NOT NULL,"
        " PRIMARY KEY (project, log_group, name))",
        "CREATE INDEX log_streams_by_last ON log_streams (project, log_group, last_event_ms, name)",
        "CREATE TABLE log_group_tags ("
        " project TEXT NOT NULL,"
        " log_group TEXT NOT NULL,"
        " tag_key TEXT NOT NULL,"
        " tag_value TEXT NOT NULL,"
        " PRIMARY KEY (project, log_group, tag_key))",
        // The last request whose events are counted: a replay starts after it.
        "CREATE TABLE log_progress (id BIGINT PRIMARY KEY, sequence BIGINT NOT NULL)",
        "INSERT INTO log_progress (id, sequence) VALUES (1, 0)"}},
      {"documents_1",
       {"CREATE TABLE documents ("
        " kind TEXT NOT NULL,"
        " id TEXT NOT NULL,"
        " project TEXT NOT NULL,"
        " dataset TEXT NOT NULL,"
        " parent TEXT NOT NULL,"
        " name TEXT,"
        " body TEXT NOT NULL,"
        " created_ns BIGINT NOT NULL,"
        " updated_ns BIGINT NOT NULL,"
        " ordinal BIGINT NOT NULL,"
        " PRIMARY KEY (project, kind, id))",
        "CREATE UNIQUE INDEX documents_by_name ON documents (project, kind, dataset, parent, name)",
        "CREATE UNIQUE INDEX documents_by_ordinal ON documents (project, kind, ordinal)",
        "CREATE INDEX documents_by_parent ON documents (project, parent)"}},
      {"fields_1",
       {"CREATE TABLE field_datasets ("
        " id INTEGER PRIMARY KEY,"
        " project TEXT NOT NULL,"
        " name TEXT NOT NULL,"
        " row_count BIGINT NOT NULL,"
        " sampled BIGINT NOT NULL,"
        " overflowed BIGINT NOT NULL,"
        " uncounted BIGINT NOT NULL,"
        " first_seen_ns BIGINT NOT NULL,"
        " last_seen_ns BIGINT NOT NULL)",
        "CREATE TABLE fields ("
        " id INTEGER PRIMARY KEY,"
        " dataset BIGINT NOT NULL,"
        " name TEXT NOT NULL,"
        " types BIGINT NOT NULL,"
        " ints BIGINT NOT NULL,"
        " floats BIGINT NOT NULL,"
        " bools BIGINT NOT NULL,"
        " texts BIGINT NOT NULL,"
        " first_seen_ns BIGINT NOT NULL,"
        " last_seen_ns BIGINT NOT NULL)",
        // Of a part of the rows; written now and then, not with each block.
        "CREATE TABLE field_samples ("
        " field INTEGER PRIMARY KEY,"
        " sampled BIGINT NOT NULL,"
        " sketch TEXT NOT NULL,"
        " examples TEXT NOT NULL)",
        // The last request whose fields are counted: a replay starts after it.
        "CREATE TABLE field_progress ("
        " id BIGINT PRIMARY KEY,"
        " sequence BIGINT NOT NULL,"
        " complete BIGINT NOT NULL,"
        " more_datasets BIGINT NOT NULL)",
        "INSERT INTO field_progress (id, sequence, complete, more_datasets) VALUES (1, 0, 0, 0)"}},
  };
  return migrations;
}

Status ApplyMigrations(DbSession& session, const std::vector<Migration>& migrations) {
  SKEP_TRY(
      session.Execute("CREATE TABLE IF NOT EXISTS schema_migrations ("
                      " name TEXT PRIMARY KEY, applied_ns BIGINT NOT NULL)"));
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT name FROM schema_migrations", {}, {DbType::kText}));
  std::set<std::string, std::less<>> applied;
  for (const DbRow& row : rows) applied.insert(row.Text(0));
  for (const Migration& migration : migrations) {
    if (applied.erase(std::string(migration.name)) != 0) continue;
    for (const std::string_view statement : migration.statements)
      SKEP_TRY(session.Execute(statement));
    SKEP_TRY(session.Execute("INSERT INTO schema_migrations (name, applied_ns) VALUES (:n, :t)",
                             {std::string(migration.name), WallClockNs()}));
  }
  if (!applied.empty()) {
    return Error(Code::kFailedPrecondition, "the catalog was changed by a newer version of Skep",
                 "unknown migration " + *applied.begin());
  }
  return {};
}

}  // namespace skep
