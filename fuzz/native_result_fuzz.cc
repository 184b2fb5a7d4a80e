// SPDX-License-Identifier: Apache-2.0
// An answer of the engine. With a cluster it comes from another machine: whatever it is, what is
// made of it stays within the limits, and each column has the rows that the table says. link: store
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "store/native_reader.h"

namespace {

constexpr skep::NativeLimits kLimits = {.rows_max = 100'000, .bytes_max = 16u << 20};

size_t RowsOf(const skep::ResultColumn& column) {
  return std::visit(
      [](const auto& data) {
        if constexpr (requires { data.offsets; })
          return data.offsets.size();
        else
          return data.size();
      },
      column.data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto table = skep::ReadNative({reinterpret_cast<const char*>(data), size}, kLimits);
  if (!table) return 0;
  if (table->rows > kLimits.rows_max) std::abort();
  for (const skep::ResultColumn& column : table->columns) {
    if (RowsOf(column) != table->rows) std::abort();
    if (!column.nulls.empty() && column.nulls.size() != table->rows) std::abort();
    for (size_t row = 0; row < table->rows; ++row)
      if (const auto* text = std::get_if<skep::TextData>(&column.data))
        if ((*text)[row].size() > kLimits.bytes_max) std::abort();
  }
  return 0;
}
