// SPDX-License-Identifier: Apache-2.0
#include "catalog/field_rows.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace skep {
namespace {

constexpr DbType kInt = DbType::kInt;
constexpr DbType kText = DbType::kText;

constexpr size_t kRowsOfAStatement = 32;

// One INSERT for several rows; preparing is most of what a small row costs.
template <typename Row, typename F>
Status WriteRows(DbSession& session, std::span<const Row> rows, std::string_view head,
                 size_t columns, std::string_view tail, F&& append) {
  while (!rows.empty()) {
    const auto some = rows.first(std::min(rows.size(), kRowsOfAStatement));
    std::string sql(head);
    DbParams params;
    params.reserve(some.size() * columns);
    for (const Row& row : some) {
      sql += params.empty() ? " VALUES (" : ", (";
      for (size_t i = 0; i < columns; ++i)
        sql += (i == 0 ? ":p" : ", :p") + std::to_string(params.size() + i);
      sql += ")";
      append(row, &params);
    }
    sql += tail;
    SKEP_TRY(session.Execute(sql, params));
    rows = rows.subspan(some.size());
  }
  return {};
}

Status WriteDatasets(DbSession& session, std::span<const FieldDatasetRow> rows) {
  return WriteRows(session, rows,
                   "INSERT INTO field_datasets (id, project, name, row_count, sampled, overflowed,"
                   " uncounted, first_seen_ns, last_seen_ns)",
                   9,
                   " ON CONFLICT (id) DO UPDATE SET row_count = excluded.row_count,"
                   " sampled = excluded.sampled, overflowed = excluded.overflowed,"
                   " uncounted = excluded.uncounted, first_seen_ns = excluded.first_seen_ns,"
                   " last_seen_ns = excluded.last_seen_ns",
                   [](const FieldDatasetRow& row, DbParams* params) {
                     params->insert(
                         params->end(),
                         {row.id, row.project, row.name, row.rows,
                          static_cast<int64_t>(row.sampled), static_cast<int64_t>(row.overflowed),
                          row.uncounted, row.first_seen_ns, row.last_seen_ns});
                   });
}

Status WriteFields(DbSession& session, std::span<const FieldRow> rows) {
  return WriteRows(session, rows,
                   "INSERT INTO fields (id, dataset, name, types, ints, floats, bools, texts,"
                   " first_seen_ns, last_seen_ns)",
                   10,
                   " ON CONFLICT (id) DO UPDATE SET types = excluded.types, ints = excluded.ints,"
                   " floats = excluded.floats, bools = excluded.bools, texts = excluded.texts,"
                   " first_seen_ns = excluded.first_seen_ns, last_seen_ns = excluded.last_seen_ns",
                   [](const FieldRow& row, DbParams* params) {
                     params->insert(
                         params->end(),
                         {row.id, row.dataset, row.name, row.types, row.counts[0], row.counts[1],
                          row.counts[2], row.counts[3], row.first_seen_ns, row.last_seen_ns});
                   });
}

Status WriteSamples(DbSession& session, std::span<const FieldSampleRow> rows) {
  return WriteRows(session, rows, "INSERT INTO field_samples (field, sampled, sketch, examples)", 4,
                   " ON CONFLICT (field) DO UPDATE SET sampled = excluded.sampled,"
                   " sketch = excluded.sketch, examples = excluded.examples",
                   [](const FieldSampleRow& row, DbParams* params) {
                     params->insert(params->end(), {row.id, row.sampled, row.sketch, row.examples});
                   });
}

Result<std::vector<FieldDatasetRow>> ReadDatasets(DbSession& session) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT id, project, name, row_count, sampled, overflowed, uncounted,"
                            " first_seen_ns, last_seen_ns FROM field_datasets ORDER BY id",
                            {}, {kInt, kText, kText, kInt, kInt, kInt, kInt, kInt, kInt},
                            FieldRows::kRowsMax));
  std::vector<FieldDatasetRow> datasets;
  for (const DbRow& row : rows) {
    datasets.push_back({row.Int(0), row.Text(1), row.Text(2), row.Int(3), row.Int(4) != 0,
                        row.Int(5) != 0, row.Int(6), row.Int(7), row.Int(8)});
  }
  return datasets;
}

Result<std::vector<FieldRow>> ReadFields(DbSession& session) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT id, dataset, name, types, ints, floats, bools, texts,"
                            " first_seen_ns, last_seen_ns FROM fields ORDER BY id",
                            {}, {kInt, kInt, kText, kInt, kInt, kInt, kInt, kInt, kInt, kInt},
                            FieldRows::kRowsMax));
  std::vector<FieldRow> fields;
  for (const DbRow& row : rows) {
    fields.push_back({row.Int(0),
                      row.Int(1),
                      row.Text(2),
                      row.Int(3),
                      {row.Int(4), row.Int(5), row.Int(6), row.Int(7)},
                      row.Int(8),
                      row.Int(9)});
  }
  return fields;
}

Result<std::vector<FieldSampleRow>> ReadSamples(DbSession& session) {
  SKEP_ASSIGN(const DbRows rows,
              session.Query("SELECT field, sampled, sketch, examples FROM field_samples", {},
                            {kInt, kInt, kText, kText}, FieldRows::kRowsMax));
  std::vector<FieldSampleRow> samples;
  for (const DbRow& row : rows)
    samples.push_back({row.Int(0), row.Int(1), row.Text(2), row.Text(3)});
  return samples;
}

}  // namespace

Result<FieldChanges> FieldRows::ReadAll() const {
  FieldChanges all;
  const Status read = database_->Transaction([&](DbSession& session) -> Status {
    SKEP_ASSIGN(all.datasets, ReadDatasets(session));
    SKEP_ASSIGN(all.fields, ReadFields(session));
    SKEP_ASSIGN(all.samples, ReadSamples(session));
    SKEP_ASSIGN(const DbRows rows,
                session.Query("SELECT sequence, complete, more_datasets FROM field_progress"
                              " WHERE id = 1",
                              {}, {kInt, kInt, kInt}));
    all.progress = {rows.front().UInt(0), rows.front().Int(1) != 0, rows.front().Int(2) != 0};
    return {};
  });
  if (!read) return read.error();
  return all;
}

Status FieldRows::Write(const FieldChanges& changes) {
  return database_->Transaction([&](DbSession& session) -> Status {
    SKEP_TRY(WriteDatasets(session, changes.datasets));
    SKEP_TRY(WriteFields(session, changes.fields));
    SKEP_TRY(WriteSamples(session, changes.samples));
    SKEP_TRY(session.Execute(
        "UPDATE field_progress SET sequence = :s, complete = :c,"
        " more_datasets = :m WHERE id = 1",
        {DbBits(changes.progress.sequence), static_cast<int64_t>(changes.progress.complete),
         static_cast<int64_t>(changes.progress.more_datasets)}));
    return {};
  });
}

}  // namespace skep
