// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/clock.h"
#include "query/bubbleup/bubbleup_plan.h"
#include "query/bubbleup/bubbleup_score.h"
#include "query/bubbleup/field_choice.h"
#include "query/explore/calculated_fields.h"
#include "query/explore/query_window.h"
#include "query/explore/run_query.h"
#include "query/explore/where_sql.h"

namespace skep {
namespace {

constexpr uint64_t kValueShare = 500;  // a value with less than one in so many rows of either side
constexpr uint64_t kValueRowsMin = 2;  // and one that is there but once tells nothing
constexpr uint64_t kCategoryNumbers = 12;  // a number with no more values is shown by value
constexpr uint64_t kIdRowsMin = 50;
constexpr size_t kFieldsListed = 500;

void CheckSelection(const BubbleUpSelection& selection, const std::string& name,
                    SpecErrors* errors) {
  const auto refuse = [&](const std::string& member, SpecErrorCode code, std::string why) {
    errors->push_back({name + member, code, std::move(why), {}});
  };
  if ((selection.low || selection.high) && selection.column.empty())
    refuse(".column", SpecErrorCode::kMissing, "A range of values needs the column it is of.");
  if (!selection.column.empty() && !selection.low && !selection.high)
    refuse(".low", SpecErrorCode::kMissing, "A column needs a range: low, high or both.");
  if (selection.low && selection.high && *selection.low >= *selection.high)
    refuse(".high", SpecErrorCode::kInvalid, "The range's high must be above its low.");
  if (selection.from_ns && selection.to_ns && *selection.from_ns >= *selection.to_ns)
    refuse(".end_ns", SpecErrorCode::kInvalid, "The end must be after the start.");
  if (HasRelations(FiltersOfSelection(selection)))
    refuse(".filters", SpecErrorCode::kInvalid,
           "A selection's filters are about its own rows: relational prefixes can stand in the "
           "query's filters.");
  if (!selection.from_ns && !selection.to_ns && FiltersOfSelection(selection).empty())
    refuse("", SpecErrorCode::kMissing, "The selection says nothing: it would be every row.");
}

QueryRequest QueryOf(const BubbleUpRequest& request) {
  QueryRequest query;
  query.spec.filters = request.spec.filters;
  query.spec.any_filter = request.spec.any_filter;
  query.spec.calculated_fields = request.spec.calculated_fields;
  query.spec.start_time = request.spec.start_time;
  query.spec.end_time = request.spec.end_time;
  query.spec.time_range = request.spec.time_range;
  query.project = request.project;
  query.dataset = request.dataset;
  query.now_ns = request.now_ns;
  return query;
}

// CheckBubbleUp has found nothing wrong with the request's own expressions.
Fields NamesOf(const BubbleUpRequest& request, const FieldTypes& types) {
  SpecErrors errors;
  return FieldsOf(request.spec, request.dataset, types, &errors);
}

double NumberOf(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

int64_t CodeOf(std::string_view text) {
  int64_t code = 0;
  std::from_chars(text.data(), text.data() + text.size(), code);
  return code;
}

class Run {
 public:
  Run(const BubbleUpParts& parts, const BubbleUpRequest& request, const CancelToken& cancel,
      const BubbleUpStep& on_step, const std::shared_ptr<QueryProgress>& progress)
      : parts_(parts),
        request_(request),
        cancel_(cancel),
        on_step_(on_step),
        progress_(progress),
        fields_(NamesOf(request, *parts.types)),
        plan_{request, fields_, WindowOf(request.spec, request.now_ns).range(),
              !request.spec.usage_mode && parts.types->MayBeSampled(request.dataset)} {}

  Result<BubbleUpResult> All() {
    SKEP_TRY(parts_.reader->Refresh(request_.freshness, request_.deadline_ms));
    SKEP_TRY(ReadTotals());
    const FieldChoice choice = ChooseFields(request_, *parts_.list, fields_, plan_.sampled);
    result_.kept_out = choice.kept_out;
    result_.fields_total = choice.fields();
    result_.fields_complete = parts_.list->IsComplete(request_.dataset);
    const bool comparable = totals_.selection.rows > 0 && totals_.baseline.rows > 0;
    for (const auto& step : choice.steps) {
      if (comparable) SKEP_TRY(Step(step));
      result_.fields_done += step.size();
      Tell();
    }
    return std::move(result_);
  }

 private:
  Result<ResultTable> Ask(const Statement& statement) {
    const int64_t left_ms = request_.deadline_ms - (MonotonicNs() - begin_ns_) / kNsPerMs;
    if (left_ms <= 0)
      return Error(Code::kDeadlineExceeded, "The comparison took longer than it may.");
    QueryOptions options;
    options.deadline_ms = left_ms;
    options.memory_bytes_max = request_.memory_bytes_max;
    options.progress = progress_;
    auto table = parts_.reader->Run(statement, options, cancel_);
    if (table) result_.rows_read += table->rows_read;
    return table;
  }

  Status ReadTotals() {
    SKEP_ASSIGN(const ResultTable table, Ask(PlanBubbleUpTotals(plan_)));
    if (table.rows == 0) return {};
    const auto side = [&](size_t at) {
      SideTotals totals;
      totals.rows = table.column(at).UInt(0);
      totals.weight =
          plan_.sampled ? table.column(2 + at).Float(0) : static_cast<double>(totals.rows);
      totals.squares =
          plan_.sampled ? table.column(4 + at).Float(0) : static_cast<double>(totals.rows);
      return totals;
    };
    totals_ = {side(0), side(1)};
    result_.selection_rows = totals_.selection.rows;
    result_.baseline_rows = totals_.baseline.rows;
    result_.selection_weight = totals_.selection.weight;
    result_.baseline_weight = totals_.baseline.weight;
    return {};
  }

  // What does not fit into memory together may do so in parts.
  Status Step(std::span<const BubbleUpColumn> columns) {
    const BubbleUpThreshold threshold = {
        std::max(kValueRowsMin, totals_.selection.rows / kValueShare),
        std::max(kValueRowsMin, totals_.baseline.rows / kValueShare)};
    const auto table = Ask(PlanBubbleUpFields(plan_, columns, threshold));
    if (table) {
      TakeFields(columns, *table);
      return {};
    }
    if (table.error().code != Code::kResourceExhausted) return table.error();
    if (columns.size() > 1) {
      SKEP_TRY(Step(columns.first(columns.size() / 2)));
      return Step(columns.subspan(columns.size() / 2));
    }
    if (columns[0].key == BubbleUpKey::kNumber) {
      const BubbleUpColumn cells[] = {{columns[0].name, BubbleUpKey::kCells}};
      return Step(cells);
    }
    result_.kept_out.push_back({columns[0].name, BubbleUpReason::kTooManyValues});
    return {};
  }

  void TakeFields(std::span<const BubbleUpColumn> columns, const ResultTable& table) {
    std::vector<CountedField> counted(columns.size());
    for (size_t i = 0; i < columns.size(); ++i) counted[i].name = columns[i].name;
    for (size_t row = 0; row < table.rows; ++row) {
      const auto place = static_cast<size_t>(table.column(0).UInt(row));
      TakeRow(table, row, columns[place].key, &counted[place]);
    }
    for (size_t i = 0; i < columns.size(); ++i) TakeField(columns[i].key, std::move(counted[i]));
  }

  void TakeRow(const ResultTable& table, size_t row, BubbleUpKey key, CountedField* field) const {
    SideCounts counts;
    counts.selection_rows = table.column(4).UInt(row);
    counts.baseline_rows = table.column(5).UInt(row);
    counts.selection_weight =
        plan_.sampled ? table.column(6).Float(row) : static_cast<double>(counts.selection_rows);
    counts.baseline_weight =
        plan_.sampled ? table.column(7).Float(row) : static_cast<double>(counts.baseline_rows);
    const int64_t part = table.column(1).Int(row);
    if (part == kAbsentPart) {
      field->absent = counts;
      return;
    }
    field->distinct += table.column(3).UInt(row);
    if (part == kOthersPart) {
      field->others = counts;
      return;
    }
    CountedValue value;
    value.text = table.column(2).Text(row);
    value.counts = counts;
    if (key == BubbleUpKey::kNumber) value.low = value.high = NumberOf(value.text);
    if (key == BubbleUpKey::kCells) {
      const NumberCell cell = CellOf(CodeOf(value.text));
      value.low = cell.low;
      value.high = cell.high;
    }
    field->values.push_back(std::move(value));
  }

  void TakeField(BubbleUpKey key, CountedField field) {
    if (field.distinct == 0) return;  // no row on either side has it
    const bool by_value = key == BubbleUpKey::kNumber && field.distinct <= kCategoryNumbers;
    field.kind =
        key == BubbleUpKey::kText || by_value ? BubbleUpKind::kCategory : BubbleUpKind::kNumber;
    const uint64_t rows = totals_.selection.rows + totals_.baseline.rows -
                          field.absent.selection_rows - field.absent.baseline_rows;
    if (key == BubbleUpKey::kText && rows >= kIdRowsMin && field.distinct * 2 > rows) {
      result_.kept_out.push_back({field.name, BubbleUpReason::kNearUnique});
      return;
    }
    result_.fields.push_back(Score(std::move(field), totals_, result_.fields_total));
  }

  void Tell() {
    std::stable_sort(result_.fields.begin(), result_.fields.end(),
                     [](const BubbleUpField& a, const BubbleUpField& b) {
                       return std::pair(a.score, a.difference) > std::pair(b.score, b.difference);
                     });
    if (result_.fields.size() > kFieldsListed) result_.fields.resize(kFieldsListed);
    result_.elapsed_ns = MonotonicNs() - begin_ns_;
    if (on_step_) on_step_(result_);
  }

  const BubbleUpParts& parts_;
  const BubbleUpRequest& request_;
  const CancelToken& cancel_;
  const BubbleUpStep& on_step_;
  const std::shared_ptr<QueryProgress>& progress_;
  const int64_t begin_ns_ = MonotonicNs();
  const Fields fields_;
  const BubbleUpPlan plan_;
  BothTotals totals_;
  BubbleUpResult result_;
};

}  // namespace

SpecErrors CheckBubbleUp(const BubbleUpRequest& request, const FieldTypes& types) {
  SpecErrors errors = CheckQuery(QueryOf(request), types);
  CheckSelection(request.selection, "selection", &errors);
  if (request.baseline) CheckSelection(*request.baseline, "baseline", &errors);
  return errors;
}

Result<BubbleUpResult> RunBubbleUp(const BubbleUpParts& parts, const BubbleUpRequest& request,
                                   const CancelToken& cancel, const BubbleUpStep& on_step,
                                   const std::shared_ptr<QueryProgress>& progress) {
  if (const SpecErrors errors = CheckBubbleUp(request, *parts.types); !errors.empty())
    return ErrorOf(errors);
  return Run(parts, request, cancel, on_step, progress).All();
}

}  // namespace skep
