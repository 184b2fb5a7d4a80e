// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_view.h"

#include <utility>

namespace skep {
namespace {

class ViewWalk {
 public:
  ViewWalk(const TraceAnalysis& trace, const TraceLook& look)
      : trace_(trace), look_(look), group_placed_(trace.groups.groups.size()) {}

  std::vector<ViewRow> Walk() {
    if (!trace_.tree.rows().empty()) Place(0, 0);
    while (!open_.empty()) {
      const ViewRow next = open_.back();
      open_.pop_back();
      if (next.group != kNoRow) {
        Show(next, true, look_.open_groups.contains(next.group));
        if (seen_.back().open) PlaceGroup(next);
        continue;
      }
      const uint32_t child = trace_.tree.FirstChild(next.row);
      const bool folded = look_.folded.contains(next.row);
      const bool wanted = IsWanted(trace_, look_, next.row);
      if (wanted) Show(next, child != kNoRow, !folded);
      if (child != kNoRow && !folded) Place(child, wanted ? next.depth + 1 : next.depth);
    }
    return std::move(seen_);
  }

 private:
  // `first` and its later siblings, to be shown in their order.
  void Place(uint32_t first, uint32_t depth) {
    batch_.clear();
    for (uint32_t at = first; at != kNoRow; at = trace_.tree.NextSibling(at)) {
      const uint32_t group = look_.fold_siblings ? trace_.groups.of_row[at] : kNoRow;
      ViewRow row;
      row.row = at;
      row.depth = depth;
      if (group != kNoRow && !look_.path_only) {
        if (group_placed_[group]) continue;
        group_placed_[group] = true;
        // A door that is left out is left out whole.
        if (!IsWanted(trace_, look_, at)) continue;
        row.group = group;
      }
      batch_.push_back(row);
    }
    open_.insert(open_.end(), batch_.rbegin(), batch_.rend());
  }

  void PlaceGroup(const ViewRow& group) {
    const auto& rows = trace_.groups.groups[group.group].rows;
    for (size_t i = rows.size(); i-- > 0;) {
      ViewRow row;
      row.row = rows[i];
      row.depth = group.depth + 1;
      open_.push_back(row);
    }
  }

  void Show(ViewRow row, bool parent, bool open) {
    row.parent = parent;
    row.open = parent && open;
    seen_.push_back(row);
  }

  const TraceAnalysis& trace_;
  const TraceLook& look_;
  std::vector<bool> group_placed_;
  std::vector<ViewRow> open_;
  std::vector<ViewRow> batch_;
  std::vector<ViewRow> seen_;
};

}  // namespace

TraceAnalysis::TraceAnalysis(TraceTree made)
    : tree(std::move(made)), groups(GroupSiblings(tree)), path(CriticalPath(tree)) {
  path_of_row.assign(tree.rows().size(), kNoRow);
  for (size_t i = path.size(); i-- > 0;) path_of_row[path[i].row] = static_cast<uint32_t>(i);
}

bool IsWanted(const TraceAnalysis& trace, const TraceLook& look, uint32_t at) {
  const TreeRow& row = trace.tree.row(at);
  if (row.kind == TraceRowKind::kLog) return look.logs && !look.path_only;
  if (row.door == Door::kXRay && !look.xray) return false;
  return !look.path_only || trace.OnPath(at) || row.kind == TraceRowKind::kError;
}

std::vector<ViewRow> RowsInSight(const TraceAnalysis& trace, const TraceLook& look) {
  return ViewWalk(trace, look).Walk();
}

void BringIntoSight(const TraceAnalysis& trace, uint32_t row, TraceLook* look) {
  if (trace.groups.of_row[row] != kNoRow) look->open_groups.insert(trace.groups.of_row[row]);
  for (uint32_t at = trace.tree.row(row).parent; at != kNoRow; at = trace.tree.row(at).parent) {
    look->folded.erase(at);
    if (trace.groups.of_row[at] != kNoRow) look->open_groups.insert(trace.groups.of_row[at]);
  }
}

}  // namespace skep
