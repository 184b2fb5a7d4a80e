// SPDX-License-Identifier: Apache-2.0
// FieldInfo: what is known of one attribute name of one dataset, or of several taken together,
// without a look at the data; and DatasetInfo, the same of a dataset. Values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "query/expression/type_set.h"

namespace skep::fields {

inline constexpr size_t kValueTypes = 4;

struct FieldInfo {
  std::string name{};
  TypeSet types{};                             // never less than what is stored
  std::array<uint64_t, kValueTypes> counts{};  // rows by ValueType; exact
  int64_t first_seen_ns = 0;                   // when received
  int64_t last_seen_ns = 0;
  std::vector<std::string> examples{};  // the newest few, cut where long
  uint64_t sampled = 0;                 // rows that were looked at for what follows
  uint64_t distinct = 0;                // roughly how many values those had

  uint64_t rows() const { return counts[0] + counts[1] + counts[2] + counts[3]; }
  // Nearly every row has another value: an id.
  bool NearUnique() const { return sampled >= 100 && distinct * 10 >= sampled * 9; }
};

struct DatasetInfo {
  std::string name{};
  uint64_t rows = 0;
  uint64_t fields = 0;
  bool sampled = false;     // some row has another sample rate than 1
  bool overflowed = false;  // it has more fields than are kept and listed
  uint64_t uncounted = 0;   // values of those
  int64_t first_seen_ns = 0;
  int64_t last_seen_ns = 0;
};

}  // namespace skep::fields
