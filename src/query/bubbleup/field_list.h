// SPDX-License-Identifier: Apache-2.0
// FieldList: the fields that there are, as BubbleUp needs to know before it looks at any row.
// Implemented by the catalogue of fields (src/fields). Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/expression/type_set.h"

namespace skep {

struct ListedField {
  std::string name{};
  TypeSet types{};
  uint64_t rows = 0;      // that have it, of all times
  uint64_t sampled = 0;   // of those, how many were looked at
  uint64_t distinct = 0;  // roughly how many values those had
};

class FieldList {
 public:
  virtual ~FieldList() = default;
  // Attributes; `dataset` is a name or kAllDatasets.
  virtual std::vector<ListedField> List(std::string_view dataset) const = 0;
  // False: there may be others.
  virtual bool IsComplete(std::string_view dataset) const = 0;
};

}  // namespace skep
