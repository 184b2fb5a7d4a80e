// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/slo_counts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "doors/honeycomb/api_dataset.h"
#include "fields/kept_fields.h"
#include "query/explore/used_fields.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kWeekS = 7 * 86'400;
constexpr double kMillion = 1'000'000;

Calculation CountWhere(const std::string& alias, bool value) {
  SpecFilter filter;
  filter.column = alias;
  filter.op = SpecFilterOp::kEqual;
  filter.values = {SpecValue(value)};
  Calculation count;
  count.name = value ? "good" : "bad";
  count.filters.push_back(std::move(filter));
  return count;
}

SloCounts CountsOf(const Measures& measures) {
  if (measures.size() != 2) return {};
  return {measures[0].Number(), measures[1].Number()};
}

// Of all datasets together. Indicators are looked up where the SLO stands, not in each of them.
Result<QueryRequest> RequestOf(const ApiCall& call, const Slo& slo, int64_t start_s,
                               int64_t end_s) {
  QueryRequest request;
  request.spec.calculations = {CountWhere(slo.alias, true), CountWhere(slo.alias, false)};
  request.spec.start_time = start_s;
  request.spec.end_time = end_s;
  SKEP_ASSIGN(const std::vector<CalculatedField> kept,
              fields::KeptFields(call.documents(), call.project(), slo.stands_in));
  AddUsedFields(kept, &request.spec);
  request.project = call.project();
  request.now_ns = call.now_ns;
  request.series = request.total = request.other = false;
  return request;
}

Result<std::shared_ptr<const QueryResult>> Ask(ApiCall* call, QueryRequest request,
                                               int64_t until_ns) {
  request.deadline_ms = std::max<int64_t>((until_ns - MonotonicNs()) / kNsPerMs, 1);
  const int64_t wait_ms = request.deadline_ms;
  auto id = call->parts.runs->Start(std::move(request));
  if (!id && id.error().code == Code::kResourceExhausted)
    return RefuseToWait(call, "Too many queries are waiting to run.");
  if (!id) return Error(std::move(id.error()));
  SKEP_ASSIGN(RunStatus run, call->parts.runs->Look(*id, wait_ms));
  if (run.error) return Error(std::move(*run.error));
  if (run.state == RunState::kDone) return std::move(run.result);
  SKEP_TRY(call->parts.runs->Cancel(*id));
  return Error(Code::kDeadlineExceeded, "Counting the events of the SLO took too long.");
}

double AllowedFailures(const SloCounts& counts, int64_t target_per_million) {
  return counts.Total() * (1 - static_cast<double>(target_per_million) / kMillion);
}

}  // namespace

void SloCounts::Add(const SloCounts& more) {
  good += more.good;
  bad += more.bad;
}

Result<Slo> SloIn(const ApiCall& call, const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
  const JsonView root = body.root();
  Slo slo;
  slo.alias = root["sli"]["alias"].text();
  slo.stands_in = document.dataset;
  slo.days = root["time_period_days"].int64(1);
  slo.target_per_million = root["target_per_million"].int64();
  const JsonView slugs = root["dataset_slugs"];
  for (size_t i = 0; i < slugs.size(); ++i) {
    SKEP_ASSIGN(auto name, FindDataset(call, slugs.At(i).text()));
    if (name) slo.datasets.push_back(std::move(*name));
  }
  return slo;
}

double Compliance(const SloCounts& counts) {
  return counts.Total() > 0 ? 100 * counts.good / counts.Total() : 100;
}

double BudgetRemaining(const SloCounts& counts, int64_t target_per_million) {
  return 100 * (1 - BurnRate(counts, target_per_million));
}

double BurnRate(const SloCounts& counts, int64_t target_per_million) {
  const double allowed = AllowedFailures(counts, target_per_million);
  return allowed > 0 ? counts.bad / allowed : 0;
}

Result<SloCounts> CountSlo(ApiCall* call, const Slo& slo, int64_t start_s, int64_t end_s,
                           int64_t until_ns) {
  SKEP_ASSIGN(QueryRequest request, RequestOf(*call, slo, start_s, end_s));
  SloCounts all;
  for (const std::string& dataset : slo.datasets) {
    request.dataset = dataset;
    SKEP_ASSIGN(const auto result, Ask(call, request, until_ns));
    for (const ResultRow& row : result->rows) all.Add(CountsOf(row.measures));
  }
  return all;
}

Result<std::vector<SloWeek>> CountSloWeeks(ApiCall* call, const Slo& slo, int64_t start_s,
                                           int64_t end_s, int64_t until_ns) {
  SKEP_ASSIGN(QueryRequest request, RequestOf(*call, slo, start_s, end_s));
  request.series = true;
  request.spec.granularity = kWeekS;
  std::map<int64_t, SloCounts> by_week;
  for (const std::string& dataset : slo.datasets) {
    request.dataset = dataset;
    SKEP_ASSIGN(const auto result, Ask(call, request, until_ns));
    for (const SeriesPoint& point : result->series)
      by_week[point.time_s].Add(CountsOf(point.measures));
  }
  std::vector<SloWeek> weeks;
  for (const auto& [week_s, counts] : by_week)
    if (counts.Total() > 0) weeks.push_back({std::max(week_s, start_s), counts});
  return weeks;
}

}  // namespace skep::honeycomb
