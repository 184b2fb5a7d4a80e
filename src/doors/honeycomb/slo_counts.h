// SPDX-License-Identifier: Apache-2.0
// SloCounts: the events that met an SLO and those that did not, counted by the query engine: one
// ordinary question a dataset, whose two COUNTs (weighted by sample rate) have the indicator, a
// calculated field, true and false. Events of which it is null do not qualify. What follows from
// the counts is named as in "Get an SLO" and "Get SLO History" of Honeycomb's API reference.
// Thread-safe, as what an ApiCall names is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

struct SloCounts {
  double good = 0;
  double bad = 0;

  double Total() const { return good + bad; }
  void Add(const SloCounts& more);
};

struct Slo {
  std::string alias;                  // the calculated field that says good or bad
  std::string stands_in;              // the dataset of that field, or kAllDatasets
  std::vector<std::string> datasets;  // names of those that it counts in
  int64_t days = 1;
  int64_t target_per_million = 0;  // below a million
};
// Of a document of kind kSlo.
Result<Slo> SloIn(const ApiCall& call, const Document& document);

// Percent of the qualified events that were good; of none, 100.
double Compliance(const SloCounts& counts);
// Percent of the failures that the target allows which are left; below 0 when it was missed.
double BudgetRemaining(const SloCounts& counts, int64_t target_per_million);
// Failures, as a multiple of what the target allows.
double BurnRate(const SloCounts& counts, int64_t target_per_million);

// Counts in a stretch of time. Refuses when too many queries wait; errors are RunQuery's.
Result<SloCounts> CountSlo(ApiCall* call, const Slo& slo, int64_t start_s, int64_t end_s,
                           int64_t until_ns);

struct SloWeek {
  int64_t start_s = 0;
  SloCounts counts;
};
// The same by weeks (of seconds since 1970), the first and the last cut to the range; weeks without
// qualified events are left out.
Result<std::vector<SloWeek>> CountSloWeeks(ApiCall* call, const Slo& slo, int64_t start_s,
                                           int64_t end_s, int64_t until_ns);

}  // namespace skep::honeycomb
