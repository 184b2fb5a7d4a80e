// SPDX-License-Identifier: Apache-2.0
// Reads an answer in ClickHouse's Native format into a ResultTable. With a cluster the bytes come
// from another machine: nothing in them is believed, and what they expand to is limited. A Dynamic
// column (an attribute without a type) is read as text with nulls, and JSON as its text. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "model/result_table.h"

namespace skep {

struct NativeLimits {
  uint64_t rows_max = 1'000'000;
  uint64_t bytes_max = 512ull << 20;  // of what is made of the answer
};

// kInternal: the bytes are not an answer. kResourceExhausted: over a limit. kUnimplemented: a type
// that answers cannot have.
Result<ResultTable> ReadNative(std::string_view bytes, const NativeLimits& limits);

}  // namespace skep
