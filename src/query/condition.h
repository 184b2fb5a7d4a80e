// SPDX-License-Identifier: Apache-2.0
// Condition: a Filter as SQL over the rows that may be a trace's entry. Own fields of requests are
// known by their names; everything else is an attribute. What a request may say in another record
// than its entry (a door that took part, a message, the user of an occurrence) is looked for in all
// records of the range. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "query/filter.h"
#include "query/sql_writer.h"
#include "query/time_range.h"

namespace skep {

struct FilterScope {
  std::string project = "default";
  TimeRange range;
  bool by_evidence = true;  // records that were joined by evidence count
};

// Every term as ` AND (...)`. kInvalidArgument for a term that cannot be asked, with the byte of
// the filter's text where it stands.
Status AppendFilter(const Filter& filter, const FilterScope& scope, SqlWriter* sql,
                    size_t* error_position);

}  // namespace skep
