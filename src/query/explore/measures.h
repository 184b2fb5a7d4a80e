// SPDX-License-Identifier: Apache-2.0
// MeasurePlan: how the calculations of a query are computed in one scan. Each is made of mergeable
// states over rows (sums, extremes, sets of values): the states of a group in one bucket of time
// are merged into those of the group, of TOTAL and of OTHER, without looking at the rows again.
// Equal states are kept once. Written by query_plan.cc in three steps: a row's inputs, the states
// over rows, values over merged states. Const use is thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/query_spec.h"
#include "query/explore/field_sql.h"
#include "query/sql_writer.h"

namespace skep {

class MeasurePlan {
 public:
  enum class Step : uint8_t {
    kFromRows,  // states over rows
    kAgain,     // states over states
  };

  // Where values are computed from: states, or rows in one go.
  enum class Values : uint8_t { kOverStates, kOverRows };

  // `sampled`: some row may stand for more than itself. `fields` must outlive it.
  MeasurePlan(const std::vector<Calculation>& calculations, const Fields& fields, bool sampled,
              Values values = Values::kOverStates);

  MeasurePlan(const MeasurePlan&) = delete;  // its closures point into it
  MeasurePlan& operator=(const MeasurePlan&) = delete;

  bool sampled() const { return sampled_; }
  bool concurrent() const { return concurrent_; }  // rows must come with `overlap` and `begins`
  bool has_heatmap() const { return !cells_.empty(); }

  // `, … AS v1`: what a row contributes.
  void AppendInputs(SqlWriter* sql) const;
  // `, … AS a1`: every state but those of heatmaps.
  void AppendStates(Step step, SqlWriter* sql) const;
  // Heatmaps count cells: rows are first grouped by these too.
  void AppendCells(SqlWriter* sql) const;       // `, c1`
  void AppendCellWeight(SqlWriter* sql) const;  // `, … AS cell_weight`
  // `, … AS h1`: over what is grouped by cells, or over such states.
  void AppendHistograms(Step step, SqlWriter* sql) const;

  // Over states or rows: the value of calculation `i` (of RATE_x that of x; of CONCURRENCY in
  // nanoseconds), and its standard error. A heatmap's value are two columns: its cells and their
  // counts.
  void AppendValue(size_t i, SqlWriter* sql) const;
  // What groups are ordered by, over their states in each bucket: of RATE_x its mean step.
  void AppendOrderValue(size_t i, SqlWriter* sql) const;
  void AppendError(size_t i, SqlWriter* sql) const;
  void AppendHistogramValue(size_t i, SqlWriter* sql) const;

 private:
  using Append = std::function<void(SqlWriter*)>;
  enum class Kind : uint8_t { kSum, kMin, kMax, kDistinct, kQuantiles };
  enum class Factor : uint8_t { kWeight, kVariance };  // w, w * (w - 1)
  enum class Power : uint8_t { kPresent, kValue, kSquare };
  struct State {
    Kind kind = Kind::kSum;
    Append first;                          // over rows
    std::vector<CalculationOp> quantiles;  // of kQuantiles
  };
  using Input = std::optional<size_t>;

  void Plan(const Calculation& calculation);
  Input AddInput(const Calculation& calculation, std::optional<Reading> reading);
  size_t AddSum(Factor factor, Input input, Power power);
  size_t AddState(std::string key, State state);
  size_t AddExtreme(Kind kind, Input input);
  size_t AddQuantile(CalculationOp op, Input input);
  void AppendQuantiles(const State& state, SqlText suffix, SqlWriter* sql) const;
  void AppendQuantileInput(const State& state, SqlWriter* sql) const;
  void AppendMerged(size_t state, SqlWriter* sql) const;
  void AppendRateValue(size_t i, SqlWriter* sql) const;
  void AppendQuantile(size_t state, CalculationOp op, size_t offset, SqlWriter* sql) const;

  const Fields& fields_;
  const bool sampled_;
  const bool over_rows_;
  bool concurrent_ = false;
  std::vector<Calculation> calculations_;
  std::vector<Append> inputs_;
  std::map<std::string, size_t> input_of_;
  std::vector<State> states_;
  std::map<std::string, size_t> state_of_;
  std::vector<size_t> cells_;                 // inputs that are heatmaps' cells
  std::vector<std::vector<size_t>> made_of_;  // of each calculation: its states, or its cell
};

}  // namespace skep
