// SPDX-License-Identifier: Apache-2.0
// FieldRows: the catalogue of fields as it lies in the catalog's database: read whole at start,
// then written as it changes, all of a block in one transaction with the sequence that it counts
// through. What the rows mean is src/fields. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"

namespace skep {

struct FieldDatasetRow {
  int64_t id = 0;  // given by the caller, from 1 on
  std::string project{};
  std::string name{};
  int64_t rows = 0;
  bool sampled = false;     // some row has another sample rate than 1
  bool overflowed = false;  // it has more fields than are kept
  int64_t uncounted = 0;    // values of those
  int64_t first_seen_ns = 0;
  int64_t last_seen_ns = 0;
};

struct FieldRow {
  int64_t id = 0;  // likewise
  int64_t dataset = 0;
  std::string name{};
  int64_t types = 0;                // a bit for each ValueType
  std::array<int64_t, 4> counts{};  // rows by ValueType
  int64_t first_seen_ns = 0;
  int64_t last_seen_ns = 0;
};

// What is known of a field's values from some of its rows.
struct FieldSampleRow {
  int64_t id = 0;
  int64_t sampled = 0;
  std::string sketch{};    // printable
  std::string examples{};  // JSON array of texts
};

struct FieldProgress {
  uint64_t sequence = 0;       // counted through; a replay starts after it
  bool complete = false;       // what was stored before there was a catalogue is in it
  bool more_datasets = false;  // there are datasets that are not kept
};

struct FieldChanges {
  std::vector<FieldDatasetRow> datasets;
  std::vector<FieldRow> fields;
  std::vector<FieldSampleRow> samples;
  FieldProgress progress;
};

class FieldRows {
 public:
  static constexpr size_t kRowsMax = 100'000;

  // The database must outlive it.
  explicit FieldRows(Database* database) : database_(database) {}

  Result<FieldChanges> ReadAll() const;
  // All or nothing.
  Status Write(const FieldChanges& changes);

 private:
  Database* database_;
};

}  // namespace skep
