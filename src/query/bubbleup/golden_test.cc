// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/bubbleup: comparisons in JSON and the SQL behind them, word for word, and each
// of those statements on the engine.
#include <gtest/gtest.h>

#include "query/bubbleup/bubbleup_plan.h"
#include "query/bubbleup/testing.h"
#include "query/explore/query_window.h"
#include "query/test_golden.h"

namespace skep {
namespace {

using golden::CaseFile;

// What a catalogue would say of the fields in the cases.
class CaseTypes final : public FieldTypes {
 public:
  TypeSet TypesOf(std::string_view, std::string_view name) const override {
    if (name == "mixed") return TypeSet::All();
    if (name == "http.route" || name == "app.user") return ValueType::kString;
    if (name == "items") return ValueType::kInt64;
    if (name == "price") return ValueType::kFloat64;
    return {};
  }
  bool MayBeSampled(std::string_view) const override { return true; }
};

Result<Statement> Plan(const CaseFile& file) {
  const golden::Section* asked = file.Find("request");
  if (asked == nullptr) return Error(Code::kInvalidArgument, "the case has no request");
  SKEP_ASSIGN(const BubbleUpRequest request, testing::BubbleUpOf(asked->text));
  const CaseTypes types;
  if (const SpecErrors errors = CheckBubbleUp(request, types); !errors.empty())
    return ErrorOf(errors);
  const Fields fields(request.dataset, &types);
  const BubbleUpPlan plan{request, fields, WindowOf(request.spec, request.now_ns).range(),
                          file.Key("sampled") == "yes"};
  if (file.Key("question") == "totals") return PlanBubbleUpTotals(plan);
  const std::vector<BubbleUpColumn> columns = {
      {"http.route", BubbleUpKey::kText}, {"mixed", BubbleUpKey::kText},
      {"error", BubbleUpKey::kText},      {"items", BubbleUpKey::kNumber},
      {"price", BubbleUpKey::kCells},     {"duration_ms", BubbleUpKey::kCells}};
  return PlanBubbleUpFields(plan, columns, {2, 10});
}

SKEP_GOLDEN_STATEMENTS(BubbleUp, "bubbleup", Plan, testing::Spell);

}  // namespace
}  // namespace skep
