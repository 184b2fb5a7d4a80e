// SPDX-License-Identifier: Apache-2.0
// ResultTable: a query's answer in columns, as the store decoded it from the engine's Native
// format. Integers of every width, DateTime64 (its ticks) and Enum (its number) are Int64 or
// UInt64; FixedString, String and LowCardinality are text; Nullable is a column with `nulls`; Array
// columns hold their elements in `elements` with `offsets`. Values; read-only once made.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skep {

struct ResultColumn;

struct ArrayData {
  std::vector<uint64_t> offsets;  // end of each row's elements
  std::unique_ptr<ResultColumn> elements;
};

// Text of all rows in one buffer.
struct TextData {
  std::string bytes;
  std::vector<uint64_t> offsets;  // end of each row's text
  size_t size() const { return offsets.size(); }
  std::string_view operator[](size_t row) const {
    const uint64_t begin = row == 0 ? 0 : offsets[row - 1];
    return std::string_view(bytes).substr(begin, offsets[row] - begin);
  }
};

struct ResultColumn {
  std::string name;
  std::string type;  // ClickHouse's
  std::variant<std::vector<int64_t>, std::vector<uint64_t>, std::vector<double>, TextData,
               ArrayData>
      data;
  std::vector<uint8_t> nulls;  // empty when the type is not Nullable; else 1 where null

  bool IsNull(size_t row) const { return !nulls.empty() && nulls[row] != 0; }
  int64_t Int(size_t row) const {
    if (const auto* u = std::get_if<std::vector<uint64_t>>(&data))
      return static_cast<int64_t>((*u)[row]);
    return std::get<std::vector<int64_t>>(data)[row];
  }
  uint64_t UInt(size_t row) const { return static_cast<uint64_t>(Int(row)); }
  double Float(size_t row) const {
    if (const auto* d = std::get_if<std::vector<double>>(&data)) return (*d)[row];
    if (const auto* u = std::get_if<std::vector<uint64_t>>(&data))
      return static_cast<double>((*u)[row]);
    return static_cast<double>(std::get<std::vector<int64_t>>(data)[row]);
  }
  std::string_view Text(size_t row) const { return std::get<TextData>(data)[row]; }
  const ArrayData& Array() const { return std::get<ArrayData>(data); }
};

struct ResultTable {
  std::vector<ResultColumn> columns;
  size_t rows = 0;
  // What the engine says it did.
  uint64_t rows_read = 0;
  uint64_t bytes_read = 0;
  int64_t elapsed_ns = 0;

  const ResultColumn& column(size_t i) const { return columns[i]; }
};

}  // namespace skep
