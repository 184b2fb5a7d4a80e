// SPDX-License-Identifier: Apache-2.0
// TraceTree: an assembled trace without its attributes, small enough to be kept for a while. Rows
// stand depth first, so that a parent comes before its children and what hangs under a row are the
// rows behind it: everything this folder works out of a trace is a walk over one array, without
// recursion. Values; read-only once made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/trace.h"

namespace skep {

inline constexpr uint32_t kNoRow = UINT32_MAX;

struct TreeRow {
  int64_t time_ns = 0;
  int64_t end_ns = 0;  // of an open span: of what is under it
  uint64_t duration_ns = 0;
  uint64_t event_id = 0;
  uint64_t item = 0;
  SpanId span_id;
  SpanId parent_id;
  uint32_t parent = kNoRow;
  uint32_t size = 1;  // rows of its subtree, itself included
  uint32_t depth = 0;
  uint32_t name = 0;  // texts of the tree
  uint32_t service = 0;
  uint32_t place = 0;  // whose clock it was timed by: a host, else a service
  uint32_t trace = 0;  // its own trace id
  TraceRowKind kind = TraceRowKind::kSpan;
  Door door = Door::kOtlp;
  Door also_door = Door::kOtlp;  // the same, where it came through no other
  SpanKind span_kind = SpanKind::kNone;
  SpanStatus status = SpanStatus::kUnset;
  JoinHow how = JoinHow::kSameId;
  Severity severity = 0;
  bool error = false;
  bool open = false;
  bool subsegment = false;

  bool IsSpan() const { return kind == TraceRowKind::kSpan || kind == TraceRowKind::kMissing; }
};

// Texts that many rows share, each kept once.
class TextPool {
 public:
  uint32_t Add(std::string_view text);
  std::string_view operator[](uint32_t at) const { return *texts_[at]; }
  size_t size() const { return texts_.size(); }

 private:
  std::unordered_map<std::string, uint32_t> index_;
  std::vector<const std::string*> texts_;  // keys of the index, which stay where they are
};

class TraceTree {
 public:
  explicit TraceTree(const Trace& trace);

  const std::vector<TreeRow>& rows() const { return rows_; }
  const TreeRow& row(uint32_t at) const { return rows_[at]; }
  std::string_view Id(uint32_t at) const;
  std::string_view Text(uint32_t text) const { return texts_[text]; }
  size_t texts() const { return texts_.size(); }
  const TraceId& TraceIdOf(const TreeRow& row) const { return traces_[row.trace]; }
  std::optional<uint32_t> Find(std::string_view id) const;

  // The first child of `at`, kNoRow if it has none; and the next one of the same parent.
  uint32_t FirstChild(uint32_t at) const { return rows_[at].size > 1 ? at + 1 : kNoRow; }
  uint32_t NextSibling(uint32_t at) const;

  int64_t start_ns() const { return start_ns_; }
  int64_t end_ns() const { return end_ns_; }

  // Moves the rows of each place (a text) by so much.
  void Shift(const std::unordered_map<uint32_t, int64_t>& by_place);

 private:
  void Add(const TraceRow& row, const TraceId& own);
  void CloseSubtrees();
  void Measure();

  std::vector<TreeRow> rows_;
  TextPool texts_;
  std::vector<TraceId> traces_;
  std::string ids_;  // of all rows, one behind the other
  std::vector<uint32_t> id_ends_;
  std::vector<uint32_t> by_id_;
  int64_t start_ns_ = 0;
  int64_t end_ns_ = 0;
};

}  // namespace skep
