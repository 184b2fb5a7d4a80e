// SPDX-License-Identifier: Apache-2.0
// Promotions: attributes that questions often scan get a column of their own beside the JSON, which
// the engine computes itself, for old rows too. Statements go on naming `attributes`; before they
// run, this puts the column in its place, so nobody else knows of it. Also counts what is scanned.
// Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "model/value.h"

namespace skep {

// The values of one type that the attribute has; a row's value of another type is only in the JSON.
struct TypedAttribute {
  std::string path;
  ValueType type = ValueType::kString;
  auto operator<=>(const TypedAttribute&) const = default;
};

// The column's name says what it holds, so that the table itself is the record of promotions.
std::string PromotedColumn(const TypedAttribute& attribute);
std::optional<TypedAttribute> ReadPromotedColumn(std::string_view name);
// Adds the column. `distinct`: whether most rows have a value of their own.
std::string AddColumnSql(const TypedAttribute& attribute, bool distinct);
// Has the engine write the column for rows that are there, in the background.
std::string FillColumnSql(const TypedAttribute& attribute, bool distinct);
// Of a sample: rows with a value, and about how many values they have.
std::string SampleSql(const TypedAttribute& attribute);

class Promotions {
 public:
  struct Rewritten {
    std::string sql;
    bool changed = false;
    std::vector<TypedAttribute> asked;  // that have no column
  };
  // `attributes.`path`.:Type` becomes its column, where it has one.
  Rewritten Rewrite(std::string_view sql) const;
  // A statement that asked for these has read so many rows.
  void NoteScan(const std::vector<TypedAttribute>& asked, uint64_t rows_read);

  void Add(const TypedAttribute& attribute);
  size_t size() const;
  // Those for which at least so many rows were read, the most first.
  std::vector<TypedAttribute> ScannedOver(uint64_t rows) const;

 private:
  struct State {
    std::set<TypedAttribute> promoted;
    std::map<TypedAttribute, uint64_t> rows_read;  // without a column
  };
  mutable Guarded<State> state_;
};

}  // namespace skep
