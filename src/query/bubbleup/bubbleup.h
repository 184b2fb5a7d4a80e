// SPDX-License-Identifier: Apache-2.0
// BubbleUp: how rows that somebody selected differ from the rest of what a query matched, field by
// field, over all rows and not a sample. A selection is a rectangle of a heatmap, a group, any
// filter, or all of these; with two selections one is held against the other. Runs in steps, the
// fields with most to say first, so that an answer is there early and grows. Plain structs;
// bubbleup_runs.h runs it in the background, bubbleup_json.h speaks JSON.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "model/query_spec.h"
#include "query/bubbleup/field_list.h"
#include "query/explore/field_sql.h"
#include "query/explore/spec_error.h"
#include "query/reader.h"

namespace skep {

// Everything that is said must hold.
struct BubbleUpSelection {
  std::optional<int64_t> from_ns{};  // inclusive
  std::optional<int64_t> to_ns{};    // exclusive
  std::string column{};              // of the range below; empty: none
  std::optional<double> low{};       // inclusive
  std::optional<double> high{};      // exclusive
  // A result row or a series: breakdowns and its values; null: rows without the field.
  std::vector<std::pair<std::string, SpecValue>> group{};
  std::vector<SpecFilter> filters{};  // without relational prefixes
  bool any_filter = false;
};

struct BubbleUpRequest {
  QuerySpec spec;  // time, filters and calculated fields count; the rest of it is not looked at
  std::string project = "default";
  std::string dataset{kAllDatasets};
  int64_t now_ns = 0;
  BubbleUpSelection selection;
  std::optional<BubbleUpSelection> baseline;  // nothing: all that matched and is not selected

  Freshness freshness = Freshness::kFresh;
  int64_t deadline_ms = 120'000;  // of all steps together
  uint64_t memory_bytes_max = 1024ull << 20;
};

// Both sides of one value or bin: parts of all that the side's rows stand for, 0 to 1, and rows.
struct BubbleUpShares {
  double selection = 0;
  double baseline = 0;
  uint64_t selection_rows = 0;
  uint64_t baseline_rows = 0;
};

struct BubbleUpValue {
  std::string text;
  BubbleUpShares shares;
};

// low <= value < high, the last one with its end; of numbers that were told apart one by one, as
// whole numbers with few values are, low <= value <= high.
struct BubbleUpBin {
  double low = 0;
  double high = 0;
  BubbleUpShares shares;
};

enum class BubbleUpKind : uint8_t { kCategory, kNumber };

struct BubbleUpField {
  std::string name;
  BubbleUpKind kind = BubbleUpKind::kCategory;
  // The largest difference of shares (of a number: of the parts below some value) that the numbers
  // of rows leave no doubt of; 0: it may be chance. What fields are ranked by.
  double score = 0;
  double difference = 0;              // the same as measured
  uint64_t distinct = 0;              // values of both sides, of a number cells of its histogram
  std::vector<BubbleUpValue> values;  // of a category: those that differ most and are most frequent
  BubbleUpShares others;              // the category's other values
  std::vector<BubbleUpBin> bins;      // of a number
  BubbleUpShares absent;              // rows without the field
};

enum class BubbleUpReason : uint8_t {
  kNearUnique,    // nearly every row has another value: an id
  kSelectedBy,    // the selection is made by it
  kTooManyValues  // more than the memory of a query holds
};
struct BubbleUpKeptOut {
  std::string name;
  BubbleUpReason reason = BubbleUpReason::kNearUnique;
};

struct BubbleUpResult {
  uint64_t selection_rows = 0;
  uint64_t baseline_rows = 0;
  double selection_weight = 0;  // what the rows stand for
  double baseline_weight = 0;
  std::vector<BubbleUpField> fields;  // most different first; only what differs or may
  std::vector<BubbleUpKeptOut> kept_out;
  size_t fields_done = 0;
  size_t fields_total = 0;
  bool fields_complete = true;  // false: there may be fields that are not known yet
  uint64_t rows_read = 0;
  int64_t elapsed_ns = 0;
};

// Empty: it can be run.
SpecErrors CheckBubbleUp(const BubbleUpRequest& request, const FieldTypes& types);

struct BubbleUpParts {
  Reader* reader = nullptr;
  const FieldTypes* types = nullptr;
  const FieldList* list = nullptr;
};

// On the caller's thread. `on_step` gets what is known after each step, the last one too.
using BubbleUpStep = std::function<void(const BubbleUpResult&)>;
Result<BubbleUpResult> RunBubbleUp(const BubbleUpParts& parts, const BubbleUpRequest& request,
                                   const CancelToken& cancel, const BubbleUpStep& on_step = {},
                                   const std::shared_ptr<QueryProgress>& progress = nullptr);

}  // namespace skep
