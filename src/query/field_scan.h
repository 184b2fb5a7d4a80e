// SPDX-License-Identifier: Apache-2.0
// FieldScan: which attributes the stored rows have, of which types and how often, by a look at all
// of them. It costs seconds for each ten million rows, so only the catalogue of fields asks, once,
// for what was stored before there was one. Pure but for ScanFields; thread-safe, as the Reader is.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "query/reader.h"

namespace skep {

struct ScannedField {
  std::string project;
  std::string dataset;
  std::string name;
  ValueType type = ValueType::kString;
  uint64_t rows = 0;
  int64_t first_ingest_ns = 0;
  int64_t last_ingest_ns = 0;
};

struct ScannedRows {
  std::string project;
  std::string dataset;
  uint64_t rows = 0;
  bool sampled = false;  // some row has another sample rate than 1
  int64_t first_ingest_ns = 0;
  int64_t last_ingest_ns = 0;
};

struct FieldScan {
  std::vector<ScannedRows> datasets;
  std::vector<ScannedField> fields;
};

// Rows received before that time, joins left out.
Statement PlanDatasetScan(int64_t before_ns);
Statement PlanFieldScan(int64_t before_ns);

Result<FieldScan> ScanFields(Reader& reader, int64_t before_ns, const CancelToken& cancel);

}  // namespace skep
