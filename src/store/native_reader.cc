// SPDX-License-Identifier: Apache-2.0
#include "store/native_reader.h"

#include <vector>

#include "store/native_column.h"

namespace skep {
namespace {

constexpr uint64_t kColumnsMax = 4096;

class Reader {
 public:
  Reader(std::string_view bytes, const NativeLimits& limits)
      : in_(bytes, limits.bytes_max), rows_max_(limits.rows_max) {}

  Result<ResultTable> Read() {
    while (!in_.AtEnd()) SKEP_TRY(ReadBlock());
    return std::move(table_);
  }

 private:
  Status ReadBlock() {
    SKEP_ASSIGN(const uint64_t columns, in_.Varint());
    SKEP_ASSIGN(const uint64_t rows, in_.Varint());
    if (columns > kColumnsMax) return NativeInput::Broken();
    if (rows > rows_max_ - table_.rows)
      return Error(Code::kResourceExhausted, "the answer has too many rows");
    const bool is_first = table_.columns.empty();
    if (!is_first && columns != table_.columns.size()) {
      if (columns == 0 && rows == 0) return {};  // the empty block at the end
      return NativeInput::Broken();
    }
    for (uint64_t i = 0; i < columns; ++i) {
      SKEP_TRY(ReadHead(i, is_first));
      if (rows == 0) continue;
      SKEP_TRY(readers_[i].ReadPrefix(&in_));
      SKEP_TRY(readers_[i].ReadRows(&in_, rows, &table_.columns[i]));
    }
    table_.rows += columns == 0 ? 0 : rows;
    return {};
  }

  Status ReadHead(size_t number, bool is_first) {
    SKEP_ASSIGN(const std::string_view name, in_.Text());
    SKEP_ASSIGN(const std::string_view type_name, in_.Text());
    if (!is_first) {
      const ResultColumn& column = table_.columns[number];
      if (column.name != name || column.type != type_name) return NativeInput::Broken();
      return {};
    }
    SKEP_ASSIGN(NativeType type, NativeType::Parse(type_name));
    SKEP_TRY(in_.Charge(sizeof(ResultColumn) + name.size() + type_name.size()));
    ResultColumn& column = table_.columns.emplace_back();
    column.name = name;
    column.type = type_name;
    readers_.emplace_back(std::move(type));
    readers_.back().Prepare(&column);
    return {};
  }

  NativeInput in_;
  const uint64_t rows_max_;
  ResultTable table_;
  std::vector<NativeColumn> readers_;
};

}  // namespace

Result<ResultTable> ReadNative(std::string_view bytes, const NativeLimits& limits) {
  return Reader(bytes, limits).Read();
}

}  // namespace skep
