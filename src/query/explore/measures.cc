// SPDX-License-Identifier: Apache-2.0
#include "query/explore/measures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "query/explore/filter_sql.h"
#include "query/explore/numbered.h"
#include "query/explore/spec_json.h"

namespace skep {
namespace {

struct QuantileSql {
  CalculationOp op;
  SqlText plain;
  // Of weighted values: the level itself, raised by a trifle so that a tie is decided as
  // quantileExact decides it, and the two around it that say how dense values are there.
  SqlText weighted;
  double width;  // between the two
};
constexpr QuantileSql kQuantiles[] = {
    {CalculationOp::kP001, "0.001", "0.001000000001, 0.0005, 0.0015", 0.001},
    {CalculationOp::kP01, "0.01", "0.010000000001, 0.005, 0.015", 0.01},
    {CalculationOp::kP05, "0.05", "0.050000000001, 0.025, 0.075", 0.05},
    {CalculationOp::kP10, "0.1", "0.100000000001, 0.05, 0.15", 0.1},
    {CalculationOp::kP20, "0.2", "0.200000000001, 0.15, 0.25", 0.1},
    {CalculationOp::kP25, "0.25", "0.250000000001, 0.2, 0.3", 0.1},
    {CalculationOp::kP50, "0.5", "0.500000000001, 0.45, 0.55", 0.1},
    {CalculationOp::kP75, "0.75", "0.750000000001, 0.7, 0.8", 0.1},
    {CalculationOp::kP80, "0.8", "0.800000000001, 0.75, 0.85", 0.1},
    {CalculationOp::kP90, "0.9", "0.900000000001, 0.85, 0.95", 0.1},
    {CalculationOp::kP95, "0.95", "0.950000000001, 0.925, 0.975", 0.05},
    {CalculationOp::kP99, "0.99", "0.990000000001, 0.985, 0.995", 0.01},
    {CalculationOp::kP999, "0.999", "0.999000000001, 0.9985, 0.9995", 0.001},
};
constexpr size_t kWeightedLevels = 3;

const QuantileSql& QuantileSqlOf(CalculationOp op) {
  const auto* found = std::find_if(std::begin(kQuantiles), std::end(kQuantiles),
                                   [op](const QuantileSql& each) { return each.op == op; });
  SKEP_CHECK(found != std::end(kQuantiles));
  return *found;
}

// What tells inputs apart: the reading, the column, and the filters.
std::string KeyOf(const Calculation& calculation, std::optional<Reading> reading) {
  JsonWriter filters;
  filters.BeginArray();
  for (const SpecFilter& filter : calculation.filters) RenderSpecFilter(filter, &filters);
  filters.EndArray();
  return fmt::format("{} {} {} {}", reading ? static_cast<int>(*reading) : -1,
                     calculation.any_filter, filters.text(), calculation.column.value_or(""));
}

}  // namespace

MeasurePlan::MeasurePlan(const std::vector<Calculation>& calculations, const Fields& fields,
                         bool sampled, Values values)
    : fields_(fields),
      sampled_(sampled),
      over_rows_(values == Values::kOverRows),
      calculations_(calculations) {
  for (const Calculation& calculation : calculations_)
    concurrent_ = concurrent_ || calculation.op == CalculationOp::kConcurrency;
  for (const Calculation& calculation : calculations_) Plan(calculation);
}

void MeasurePlan::Plan(const Calculation& calculation) {
  std::vector<size_t>& made = made_of_.emplace_back();
  const auto sum = [&](Factor factor, Input input, Power power) {
    if (factor == Factor::kWeight || sampled_) made.push_back(AddSum(factor, input, power));
  };
  switch (calculation.op) {
    case CalculationOp::kCount: {
      const Input present = AddInput(calculation, std::nullopt);
      sum(Factor::kWeight, present, Power::kValue);
      sum(Factor::kVariance, present, Power::kValue);
      return;
    }
    case CalculationOp::kSum:
    case CalculationOp::kRateSum:
    case CalculationOp::kConcurrency: {
      const Input number = AddInput(calculation, Reading::kNumber);
      sum(Factor::kWeight, number, Power::kValue);
      sum(Factor::kVariance, number, Power::kSquare);
      return;
    }
    case CalculationOp::kAvg:
    case CalculationOp::kRateAvg: {
      const Input number = AddInput(calculation, Reading::kNumber);
      sum(Factor::kWeight, number, Power::kValue);
      sum(Factor::kWeight, number, Power::kPresent);
      sum(Factor::kVariance, number, Power::kPresent);
      sum(Factor::kVariance, number, Power::kValue);
      sum(Factor::kVariance, number, Power::kSquare);
      return;
    }
    case CalculationOp::kMin:
      made.push_back(AddExtreme(Kind::kMin, AddInput(calculation, Reading::kNumber)));
      return;
    case CalculationOp::kMax:
    case CalculationOp::kRateMax:
      made.push_back(AddExtreme(Kind::kMax, AddInput(calculation, Reading::kNumber)));
      return;
    case CalculationOp::kCountDistinct:
      made.push_back(AddExtreme(Kind::kDistinct, AddInput(calculation, Reading::kText)));
      return;
    case CalculationOp::kHeatmap: {
      const size_t cell = *AddInput(calculation, Reading::kNumber);
      const auto known = std::find(cells_.begin(), cells_.end(), cell);
      made.push_back(static_cast<size_t>(known - cells_.begin()));
      if (known == cells_.end()) cells_.push_back(cell);
      return;
    }
    default:
      break;
  }
  const Input number = AddInput(calculation, Reading::kNumber);
  made.push_back(AddQuantile(calculation.op, number));
  sum(Factor::kWeight, number, Power::kPresent);
  sum(Factor::kVariance, number, Power::kPresent);
}

// Without a reading: 1 where the row counts, which is every row when there is nothing to ask.
MeasurePlan::Input MeasurePlan::AddInput(const Calculation& calculation,
                                         std::optional<Reading> reading) {
  const bool is_overlap = calculation.op == CalculationOp::kConcurrency;
  const bool filtered = !calculation.filters.empty();
  if (!reading && !calculation.column && !filtered && !concurrent_) return std::nullopt;
  const auto [known, is_new] = input_of_.emplace(KeyOf(calculation, reading), inputs_.size());
  if (!is_new) return known->second;
  const bool begins = concurrent_ && !is_overlap;
  inputs_.push_back([this, calculation, reading, is_overlap, filtered, begins](SqlWriter* sql) {
    const auto append_filters = [&] {
      if (begins) sql->Sql(filtered ? SqlText("begins AND ") : SqlText("begins"));
      if (filtered) AppendFilters(calculation.filters, calculation.any_filter, fields_, sql);
    };
    if (!reading) {
      sql->Sql("ifNull(");
      append_filters();
      if (calculation.column) {
        if (filtered || begins) sql->Sql(" AND ");
        fields_.AppendExists(*calculation.column, sql);
      }
      sql->Sql(", false)");
      return;
    }
    if (filtered || begins) {
      sql->Sql("if(");
      append_filters();
      sql->Sql(", ");
    }
    if (is_overlap)
      sql->Sql("overlap");
    else
      fields_.Append(*calculation.column, *reading, sql);
    if (filtered || begins) sql->Sql(", NULL)");
  });
  return known->second;
}

size_t MeasurePlan::AddState(std::string key, State state) {
  const auto [known, is_new] = state_of_.emplace(std::move(key), states_.size());
  if (is_new) states_.push_back(std::move(state));
  return known->second;
}

size_t MeasurePlan::AddSum(Factor factor, Input input, Power power) {
  const bool weighted = sampled_;
  const std::string key =
      fmt::format("sum {} {} {}", static_cast<int>(factor), input ? static_cast<int>(*input) : -1,
                  static_cast<int>(power));
  return AddState(key, {Kind::kSum,
                        [=](SqlWriter* sql) {
                          const SqlText weight =
                              factor == Factor::kWeight ? SqlText("w") : SqlText("w * (w - 1)");
                          if (!input) {
                            if (!weighted) {
                              sql->Sql("count()");
                              return;
                            }
                            sql->Sql("sum(").Sql(weight).Sql(")");
                            return;
                          }
                          const std::string name = Numbered('v', *input);
                          if (power == Power::kPresent) {
                            if (!weighted) {
                              sql->Sql("count(").Identifier(name).Sql(")");
                              return;
                            }
                            sql->Sql("sumIf(").Sql(weight).Sql(", ").Identifier(name);
                            sql->Sql(" IS NOT NULL)");
                            return;
                          }
                          sql->Sql("sum(");
                          if (weighted) sql->Sql(weight).Sql(" * ");
                          sql->Identifier(name);
                          if (power == Power::kSquare) sql->Sql(" * ").Identifier(name);
                          sql->Sql(")");
                        },
                        {}});
}

size_t MeasurePlan::AddExtreme(Kind kind, Input input) {
  const std::string key = fmt::format("extreme {} {}", static_cast<int>(kind), *input);
  return AddState(key, {kind,
                        [=](SqlWriter* sql) {
                          sql->Sql(kind == Kind::kMin   ? SqlText("min(")
                                   : kind == Kind::kMax ? SqlText("max(")
                                                        : SqlText("("));
                          sql->Identifier(Numbered('v', *input)).Sql(")");
                        },
                        {}});
}

// All percentiles of one input share its values.
size_t MeasurePlan::AddQuantile(CalculationOp op, Input input) {
  const size_t at = AddState(fmt::format("quantiles {}", *input), {Kind::kQuantiles, nullptr, {}});
  State& state = states_[at];
  state.first = [input](SqlWriter* sql) { sql->Identifier(Numbered('v', *input)); };
  if (std::find(state.quantiles.begin(), state.quantiles.end(), op) == state.quantiles.end())
    state.quantiles.push_back(op);
  return at;
}

void MeasurePlan::AppendQuantiles(const State& state, SqlText suffix, SqlWriter* sql) const {
  sql->Sql(sampled_ ? SqlText("quantilesExactWeighted") : SqlText("quantilesExact"));
  sql->Sql(suffix).Sql("(");
  for (size_t i = 0; i < state.quantiles.size(); ++i) {
    const QuantileSql& quantile = QuantileSqlOf(state.quantiles[i]);
    if (i > 0) sql->Sql(", ");
    sql->Sql(sampled_ ? quantile.weighted : quantile.plain);
  }
  sql->Sql(")(");
}

void MeasurePlan::AppendInputs(SqlWriter* sql) const {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    sql->Sql(",\n");
    inputs_[i](sql);
    sql->Sql(" AS ").Identifier(Numbered('v', i));
  }
  // A cell is the sign, the exponent and three bits of the fraction: eight cells in each doubling.
  // Below zero the bits are turned round, so that a cell's number rises with its values.
  for (size_t i = 0; i < cells_.size(); ++i) {
    const std::string value = Numbered('v', cells_[i]);
    const auto append_bits = [&] {
      sql->Sql("reinterpretAsInt64(").Identifier(value).Sql(" + 0.)");
    };
    sql->Sql(",\nifNull(toInt16(bitShiftRight(bitXor(");
    append_bits();
    sql->Sql(", bitAnd(bitShiftRight(");
    append_bits();
    sql->Sql(", 63), 9223372036854775807)), 49)), toInt16(-32768)) AS ")
        .Identifier(Numbered('c', i));
  }
}

void MeasurePlan::AppendStates(Step step, SqlWriter* sql) const {
  for (size_t i = 0; i < states_.size(); ++i) {
    const State& state = states_[i];
    const std::string name = Numbered('a', i);
    sql->Sql(",\n");
    if (step == Step::kFromRows) {
      if (state.kind == Kind::kQuantiles) {
        AppendQuantiles(state, "State", sql);
        AppendQuantileInput(state, sql);
      } else {
        sql->Sql(state.kind == Kind::kDistinct ? SqlText("uniqExactState") : SqlText(""));
        state.first(sql);
      }
    } else if (state.kind == Kind::kQuantiles) {
      AppendQuantiles(state, "MergeState", sql);
      sql->Identifier(name).Sql(")");
    } else if (state.kind == Kind::kDistinct) {
      sql->Sql("uniqExactMergeState(").Identifier(name).Sql(")");
    } else {
      AppendMerged(i, sql);
    }
    sql->Sql(" AS ").Identifier(name);
  }
}

void MeasurePlan::AppendCells(SqlWriter* sql) const {
  for (size_t i = 0; i < cells_.size(); ++i) sql->Sql(", ").Identifier(Numbered('c', i));
}

void MeasurePlan::AppendCellWeight(SqlWriter* sql) const {
  sql->Sql(sampled_ ? SqlText(",\nsum(w) AS cell_weight")
                    : SqlText(",\ntoFloat64(count()) AS cell_weight"));
}

void MeasurePlan::AppendHistograms(Step step, SqlWriter* sql) const {
  for (size_t i = 0; i < cells_.size(); ++i) {
    const std::string cell = Numbered('c', i);
    const std::string name = Numbered('h', i);
    if (step == Step::kFromRows) {
      sql->Sql(",\nsumMapIf([").Identifier(cell).Sql("], [cell_weight], ");
      sql->Identifier(cell).Sql(" != -32768)");
    } else {
      sql->Sql(",\nsumMap(").Identifier(name).Sql(".1, ").Identifier(name).Sql(".2)");
    }
    sql->Sql(" AS ").Identifier(name);
  }
}

void MeasurePlan::AppendQuantileInput(const State& state, SqlWriter* sql) const {
  state.first(sql);
  // Whole weights are asked for; 65,536ths keep those of any rate apart.
  sql->Sql(sampled_ ? SqlText(", toUInt64(round(65536 * least(w, 1000000000))))") : SqlText(")"));
}

void MeasurePlan::AppendMerged(size_t state, SqlWriter* sql) const {
  const Kind kind = states_[state].kind;
  if (over_rows_) {
    if (kind == Kind::kDistinct) sql->Sql("uniqExact");
    return states_[state].first(sql);
  }
  sql->Sql(kind == Kind::kSum   ? SqlText("sum(")
           : kind == Kind::kMin ? SqlText("min(")
           : kind == Kind::kMax ? SqlText("max(")
                                : SqlText("uniqExactMerge("));
  sql->Identifier(Numbered('a', state)).Sql(")");
}

void MeasurePlan::AppendQuantile(size_t state, CalculationOp op, size_t offset,
                                 SqlWriter* sql) const {
  const std::vector<CalculationOp>& all = states_[state].quantiles;
  const auto at = static_cast<size_t>(std::find(all.begin(), all.end(), op) - all.begin());
  sql->Sql("arrayElement(");
  AppendQuantiles(states_[state], over_rows_ ? SqlText("") : SqlText("Merge"), sql);
  if (over_rows_)
    AppendQuantileInput(states_[state], sql);
  else
    sql->Identifier(Numbered('a', state)).Sql(")");
  sql->Sql(", ");
  sql->Bind(static_cast<uint64_t>(at * (sampled_ ? kWeightedLevels : 1) + offset + 1)).Sql(")");
}

void MeasurePlan::AppendValue(size_t i, SqlWriter* sql) const {
  const std::vector<size_t>& states = made_of_[i];
  const CalculationOp op = calculations_[i].op;
  if (QuantileOf(op) != 0) {
    // Over no values the engine says 0.
    sql->Sql("if(");
    AppendMerged(states[1], sql);
    sql->Sql(" > 0, ");
    AppendQuantile(states[0], op, 0, sql);
    sql->Sql(", NULL)");
    return;
  }
  AppendMerged(states[0], sql);
  if (op != CalculationOp::kAvg && op != CalculationOp::kRateAvg) return;
  sql->Sql(" / nullIf(");
  AppendMerged(states[1], sql);
  sql->Sql(", 0)");
}

// The states' rows are the group's buckets, each once.
void MeasurePlan::AppendRateValue(size_t i, SqlWriter* sql) const {
  const std::vector<size_t>& states = made_of_[i];
  const auto of_bucket = [&] {
    sql->Identifier(Numbered('a', states[0]));
    if (calculations_[i].op == CalculationOp::kRateAvg)
      sql->Sql(" / nullIf(").Identifier(Numbered('a', states[1])).Sql(", 0)");
  };
  sql->Sql("(argMax(");
  of_bucket();
  sql->Sql(", b) - argMin(");
  of_bucket();
  sql->Sql(", b)) / nullIf(count(");
  of_bucket();
  sql->Sql(") - 1, 0)");
}

void MeasurePlan::AppendOrderValue(size_t i, SqlWriter* sql) const {
  if (IsRate(calculations_[i].op)) return AppendRateValue(i, sql);
  AppendValue(i, sql);
}

void MeasurePlan::AppendError(size_t i, SqlWriter* sql) const {
  const std::vector<size_t>& states = made_of_[i];
  const CalculationOp op = calculations_[i].op;
  const bool is_avg = op == CalculationOp::kAvg || op == CalculationOp::kRateAvg;
  const bool is_quantile = QuantileOf(op) != 0;
  if (!sampled_ || states.size() < 2) {
    sql->Sql("0.");
    return;
  }
  const auto merged = [&](size_t n) { AppendMerged(states[n], sql); };
  if (is_quantile) {
    // The error of the rank, over how dense the values are around.
    const QuantileSql& quantile = QuantileSqlOf(op);
    sql->Sql("sqrt(").Bind(QuantileOf(op) * (1 - QuantileOf(op))).Sql(" * ");
    merged(2);
    sql->Sql(") / nullIf(");
    merged(1);
    sql->Sql(", 0) * (");
    AppendQuantile(states[0], op, 2, sql);
    sql->Sql(" - ");
    AppendQuantile(states[0], op, 1, sql);
    sql->Sql(") / ").Bind(quantile.width);
    return;
  }
  if (!is_avg) {
    sql->Sql("sqrt(");
    merged(1);
    sql->Sql(")");
    return;
  }
  // Of a ratio of two estimates: of the distances from it.
  sql->Sql("sqrt(greatest(0, ");
  merged(4);
  sql->Sql(" - 2 * ");
  merged(3);
  sql->Sql(" * (");
  AppendValue(i, sql);
  sql->Sql(") + ");
  merged(2);
  sql->Sql(" * pow(");
  AppendValue(i, sql);
  sql->Sql(", 2))) / nullIf(");
  merged(1);
  sql->Sql(", 0)");
}

void MeasurePlan::AppendHistogramValue(size_t i, SqlWriter* sql) const {
  const std::string name = Numbered('h', made_of_[i][0]);
  sql->Sql("sumMap(").Identifier(name).Sql(".1, ").Identifier(name).Sql(".2).1, ");
  sql->Sql("sumMap(").Identifier(name).Sql(".1, ").Identifier(name).Sql(".2).2");
}

}  // namespace skep
