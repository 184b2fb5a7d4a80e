// SPDX-License-Identifier: Apache-2.0
#include "query/trace/minimap.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace skep {
namespace {

class Columns {
 public:
  Columns(const TraceTree& tree, uint32_t columns)
      : start_ns_(tree.start_ns()),
        length_(static_cast<double>(std::max<int64_t>(1, tree.end_ns() - tree.start_ns()))),
        columns_(columns) {}

  uint32_t At(int64_t ns) const {
    const double share = static_cast<double>(ns - start_ns_) / length_;
    return std::min(columns_ - 1, static_cast<uint32_t>(std::max(0.0, share) * columns_));
  }

 private:
  int64_t start_ns_;
  double length_;
  uint32_t columns_;
};

// Starts and ends of a lane's spans, added up when it is done.
struct Lane {
  std::vector<int64_t> steps;
  int64_t spans = 0;
  Door door = Door::kOtlp;

  MinimapLane Draw(uint32_t columns) const {
    MinimapLane drawn{door, std::string(columns, '0')};
    int64_t running = 0;
    for (uint32_t c = 0; c < columns; ++c) {
      running += steps[c];
      drawn.levels[c] = static_cast<char>('0' + (running * 9 + spans - 1) / spans);
    }
    return drawn;
  }
};

}  // namespace

Minimap DrawMinimap(const TraceTree& tree, uint32_t columns, uint32_t lanes) {
  Minimap map;
  map.columns = columns;
  const Columns column(tree, columns);
  const auto spans = static_cast<uint64_t>(
      std::count_if(tree.rows().begin(), tree.rows().end(),
                    [](const TreeRow& row) { return row.kind == TraceRowKind::kSpan; }));
  std::vector<Lane> drawn(std::min<uint64_t>(lanes, spans));
  for (Lane& lane : drawn) lane.steps.assign(columns + 1, 0);
  std::vector<std::optional<MinimapMark>> marks(columns);
  uint64_t nth = 0;
  for (const TreeRow& row : tree.rows()) {
    if (row.kind == TraceRowKind::kSpan) {
      Lane& lane = drawn[nth++ * drawn.size() / spans];
      if (lane.spans++ == 0) lane.door = row.door;
      ++lane.steps[column.At(row.time_ns)];
      --lane.steps[column.At(row.end_ns) + 1];
    } else if (row.kind == TraceRowKind::kLog || row.kind == TraceRowKind::kError) {
      const MinimapMark mark = {column.At(row.time_ns), row.kind == TraceRowKind::kError,
                                row.severity, row.door};
      auto& at = marks[mark.column];
      if (!at || std::tie(mark.error, mark.severity) > std::tie(at->error, at->severity)) at = mark;
    }
  }
  for (const Lane& lane : drawn) map.lanes.push_back(lane.Draw(columns));
  for (const auto& mark : marks)
    if (mark) map.marks.push_back(*mark);
  return map;
}

}  // namespace skep
