// SPDX-License-Identifier: Apache-2.0
// FieldValues: which values the requests of a range have in one field of a filter, the most
// frequent first: what a filter line offers behind an operator. Counted over all of them, weighted
// by sample rate, as the histogram counts. Thread-safe, as the Reader is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/reader.h"
#include "query/requests_plan.h"

namespace skep {

struct FieldValue {
  std::string value;
  double count = 0;  // requests
};

struct FieldValues {
  std::vector<FieldValue> values;  // question.limit at most
  double total = 0;                // requests that have the field
  uint64_t distinct = 0;           // values that those have, within a few per cent where many
};

// `field` as in a filter (query/condition.h): a request's own or an attribute of its entry. The
// question's filter counts for nothing.
Statement PlanFieldValues(const RequestsQuestion& question, std::string_view field);

// None of a field that has no values to choose from, as duration_ms.
Result<FieldValues> ReadFieldValues(Reader& reader, const RequestsQuestion& question,
                                    std::string_view field, const CancelToken& cancel);

}  // namespace skep
