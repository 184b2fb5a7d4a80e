// SPDX-License-Identifier: Apache-2.0
// NativeColumn: reads one column of an answer, block by block. A type's prefix comes before its
// data, for the whole of it: that is why there are two steps. Thread-compatible.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/result_table.h"
#include "store/native_input.h"
#include "store/native_type.h"

namespace skep {

class NativeColumn {
 public:
  explicit NativeColumn(NativeType type);

  // Makes the column's data the kind that the type has.
  void Prepare(ResultColumn* column) const;
  Status ReadPrefix(NativeInput* in);
  Status ReadRows(NativeInput* in, uint64_t rows, ResultColumn* column) const;

 private:
  Status ReadDynamicPrefix(NativeInput* in);
  template <typename T>
  Status ReadNumbers(NativeInput* in, uint64_t rows, std::vector<T>* out) const;
  Status ReadStrings(NativeInput* in, uint64_t rows, TextData* out) const;
  Status ReadFixedStrings(NativeInput* in, uint64_t rows, TextData* out) const;
  Status ReadNullable(NativeInput* in, uint64_t rows, ResultColumn* column) const;
  Status ReadArray(NativeInput* in, uint64_t rows, ResultColumn* column) const;
  Status ReadLowCardinality(NativeInput* in, uint64_t rows, ResultColumn* column) const;
  Status ReadDynamic(NativeInput* in, uint64_t rows, ResultColumn* column) const;

  NativeType type_;
  std::vector<NativeColumn> inner_;  // of Nullable, Array, LowCardinality
  std::vector<NativeColumn> types_;  // that a Dynamic has in this block
};

}  // namespace skep
