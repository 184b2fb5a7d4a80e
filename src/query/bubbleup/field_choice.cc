// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/field_choice.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace skep {
namespace {

constexpr size_t kFirstStep = 8;
constexpr size_t kStep = 48;
constexpr uint64_t kValuesOfAStep = 500'000;  // about: they are all in memory at once
// So many rows must have been looked at before a field counts as an id unseen; with fewer, looking
// costs little.
constexpr uint64_t kSampledForAnId = 20'000;
constexpr uint64_t kNumbersApart = 100;  // a field with more is told apart by cells

// Columns, as far as they say something of their own.
struct KnownColumn {
  std::string_view name;
  BubbleUpKey key;
  uint64_t distinct;  // about
};
constexpr std::array kColumns = {KnownColumn{"name", BubbleUpKey::kText, 100},
                                 KnownColumn{"service.name", BubbleUpKey::kText, 10},
                                 KnownColumn{"error", BubbleUpKey::kText, 2},
                                 KnownColumn{"status_code", BubbleUpKey::kText, 3},
                                 KnownColumn{"span.kind", BubbleUpKey::kText, 5},
                                 KnownColumn{"duration_ms", BubbleUpKey::kCells, 100},
                                 KnownColumn{"meta.signal_type", BubbleUpKey::kText, 4},
                                 KnownColumn{"meta.annotation_type", BubbleUpKey::kText, 2},
                                 KnownColumn{"severity_text", BubbleUpKey::kText, 6},
                                 KnownColumn{"door", BubbleUpKey::kText, 5},
                                 KnownColumn{"item", BubbleUpKey::kText, 1000},
                                 KnownColumn{"body", BubbleUpKey::kText, kValuesOfAStep}};
constexpr std::string_view kIds[] = {"trace.trace_id", "trace.span_id", "trace.parent_id"};

struct Candidate {
  BubbleUpColumn column;
  uint64_t distinct = 0;

  // 0: a handful of values, 1: many, 2: one, which may still be absent here and there.
  int Turn() const {
    if (distinct == 1) return 2;
    return distinct <= 1000 ? 0 : 1;
  }
};

void AddColumns(const std::vector<SpecFilter>& filters, std::set<std::string, std::less<>>* names) {
  for (const SpecFilter& filter : filters) {
    if (filter.kind == SpecFilter::Kind::kCondition) names->insert(filter.column);
    AddColumns(filter.parts, names);
  }
}

bool IsKnownName(std::string_view name) {
  const auto& known = Fields::KnownNames();
  return std::find(known.begin(), known.end(), name) != known.end();
}

BubbleUpKey KeyOf(TypeSet types, uint64_t distinct) {
  const bool only_numbers =
      types.HasNumber() && !types.Has(ValueType::kString) && !types.Has(ValueType::kBool);
  if (!only_numbers) return BubbleUpKey::kText;
  return distinct != 0 && distinct <= kNumbersApart ? BubbleUpKey::kNumber : BubbleUpKey::kCells;
}

class Chooser {
 public:
  Chooser(const BubbleUpRequest& request, const Fields& fields)
      : request_(request), fields_(fields), selected_by_(SelectedBy(request)) {}

  FieldChoice Choose(const FieldList& list, bool sampled) {
    for (const KnownColumn& column : kColumns) {
      // An attribute of Honeycomb's door may stand in for it with other types.
      const bool as_text = fields_.TypesOf(column.name).Has(ValueType::kString);
      Add({{std::string(column.name), as_text ? BubbleUpKey::kText : column.key}, column.distinct});
    }
    if (sampled) Add({{"sample_rate", BubbleUpKey::kNumber}, kNumbersApart});
    for (const CalculatedField& field : request_.spec.calculated_fields)
      Add({{field.name, KeyOf(fields_.TypesOf(field.name), 0)}, kNumbersApart});
    for (const std::string_view id : kIds) KeepOut(std::string(id), BubbleUpReason::kNearUnique);
    for (const ListedField& field : list.List(request_.dataset)) Consider(field);
    Arrange();
    return std::move(choice_);
  }

 private:
  void Consider(const ListedField& field) {
    if (field.types.IsEmpty() || IsKnownName(field.name)) return;
    if (field.sampled >= kSampledForAnId && field.distinct * 10 >= field.sampled * 9 &&
        KeyOf(field.types, field.distinct) == BubbleUpKey::kText) {
      KeepOut(field.name, BubbleUpReason::kNearUnique);
      return;
    }
    Add({{field.name, KeyOf(field.types, field.distinct)}, field.distinct});
  }

  void Add(Candidate candidate) {
    if (!seen_.insert(candidate.column.name).second) return;
    if (selected_by_.contains(candidate.column.name)) {
      KeepOut(candidate.column.name, BubbleUpReason::kSelectedBy);
      return;
    }
    candidates_.push_back(std::move(candidate));
  }

  void KeepOut(std::string name, BubbleUpReason reason) {
    choice_.kept_out.push_back({std::move(name), reason});
  }

  void Arrange() {
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const Candidate& a, const Candidate& b) {
                       return std::tuple(a.Turn(), a.distinct) < std::tuple(b.Turn(), b.distinct);
                     });
    uint64_t values = 0;
    for (Candidate& candidate : candidates_) {
      const uint64_t more = std::max<uint64_t>(candidate.distinct, 1);
      const size_t room = choice_.steps.size() <= 1 ? kFirstStep : kStep;
      if (choice_.steps.empty() || choice_.steps.back().size() >= room ||
          values + more > kValuesOfAStep) {
        choice_.steps.emplace_back();
        values = 0;
      }
      values += more;
      choice_.steps.back().push_back(std::move(candidate.column));
    }
  }

  const BubbleUpRequest& request_;
  const Fields& fields_;
  const std::set<std::string, std::less<>> selected_by_;
  std::set<std::string, std::less<>> seen_;
  std::vector<Candidate> candidates_;
  FieldChoice choice_;
};

}  // namespace

std::set<std::string, std::less<>> SelectedBy(const BubbleUpRequest& request) {
  std::set<std::string, std::less<>> names;
  AddColumns(FiltersOfSelection(request.selection), &names);
  if (request.baseline) AddColumns(FiltersOfSelection(*request.baseline), &names);
  return names;
}

size_t FieldChoice::fields() const {
  size_t count = 0;
  for (const auto& step : steps) count += step.size();
  return count;
}

FieldChoice ChooseFields(const BubbleUpRequest& request, const FieldList& list,
                         const Fields& fields, bool sampled) {
  return Chooser(request, fields).Choose(list, sampled);
}

}  // namespace skep
