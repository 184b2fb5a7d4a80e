// SPDX-License-Identifier: Apache-2.0
// For tests of expressions: rows made by hand, each a set of named values, in the engine and for
// Evaluate alike, and columns that read them. Only tests use it.
//
//   ExpressionWorld world({{{"a", int64_t{1}}, {"b", "x"}}});
//   world.Values({parsed}, columns) -> what the engine says, per expression and row
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "query/expression/column_sql.h"
#include "query/expression/evaluate.h"
#include "query/expression/render.h"
#include "query/testing.h"

namespace skep::testing {

using TestValues = std::map<std::string, ExpressionValue, std::less<>>;

// The attributes of `events`, each of any type unless said otherwise.
class TestColumns final : public ColumnSql {
 public:
  explicit TestColumns(std::map<std::string, TypeSet, std::less<>> types = {})
      : types_(std::move(types)) {}

  TypeSet Types(std::string_view column) const override {
    const auto known = types_.find(column);
    return known == types_.end() ? TypeSet::All() : known->second;
  }
  void Append(std::string_view column, ValueType type, SqlWriter* sql) const override {
    sql->Attribute(column, type);
  }
  void AppendEventTime(SqlWriter* sql) const override { sql->Sql("time"); }
  void AppendIngestTime(SqlWriter* sql) const override { sql->Sql("ingest_time"); }

 private:
  std::map<std::string, TypeSet, std::less<>> types_;
};

class TestRow final : public ExpressionRow {
 public:
  TestRow(const TestValues* values, int64_t n) : values_(values), n_(n) {}
  ExpressionValue Column(std::string_view column) const override {
    const auto found = values_->find(column);
    return found == values_->end() ? ExpressionValue() : found->second;
  }
  int64_t EventTimeNs() const override { return kTestTimeNs + n_ * kMs; }
  int64_t IngestTimeNs() const override { return kTestTimeNs + n_ + 1; }

 private:
  const TestValues* values_;
  int64_t n_;
};

class ExpressionWorld {
 public:
  ExpressionWorld(Store* store, std::vector<TestValues> rows)
      : world_(store), rows_(std::move(rows)) {
    for (size_t n = 0; n < rows_.size(); ++n) {
      TestRecord record = TestRecord::Make(Signal::kEvent, Door::kHoneycomb, 0);
      record.At(static_cast<int64_t>(n));
      for (const auto& [name, value] : rows_[n]) {
        if (const auto* whole = std::get_if<int64_t>(&value)) record.With(name, *whole);
        if (const auto* real = std::get_if<double>(&value)) record.With(name, *real);
        if (const auto* flag = std::get_if<bool>(&value)) record.With(name, *flag);
        if (const auto* text = std::get_if<std::string>(&value)) record.With(name, *text);
      }
      world_.Add(record);
    }
    world_.Commit();
  }

  size_t size() const { return rows_.size(); }
  const TestValues& values(size_t n) const { return rows_[n]; }
  TestRow row(size_t n) const { return TestRow(&rows_[n], static_cast<int64_t>(n)); }

  // Per expression, per row. An error is the engine's or the renderer's.
  Result<std::vector<std::vector<ExpressionValue>>> Values(
      const std::vector<Expression>& expressions, const ColumnSql& columns) {
    SqlWriter sql;
    sql.Sql("SELECT ");
    std::vector<std::pair<size_t, ValueType>> parts;
    for (size_t i = 0; i < expressions.size(); ++i) {
      for (const ValueType type : kEveryType) {
        if (!TypesOf(expressions[i], columns).Has(type)) continue;
        SKEP_TRY(AppendExpression(expressions[i], type, columns, &sql));
        sql.Sql(", ");
        parts.emplace_back(i, type);
      }
    }
    SKEP_ASSIGN(const ResultTable table,
                world_.reader().Run(sql.Sql("1 FROM events ORDER BY time").Take()));
    std::vector<std::vector<ExpressionValue>> values(expressions.size(),
                                                     std::vector<ExpressionValue>(table.rows));
    for (size_t c = 0; c < parts.size(); ++c) {
      for (size_t n = 0; n < table.rows; ++n)
        Take(table.column(c), parts[c].second, n, &values[parts[c].first][n]);
    }
    return values;
  }

 private:
  static void Take(const ResultColumn& column, ValueType type, size_t n, ExpressionValue* value) {
    if (column.IsNull(n)) return;
    // One type at a time: a value that has two is a mistake that the comparison must see.
    if (value->index() != 0) {
      *value = "two types at once";
      return;
    }
    switch (type) {
      case ValueType::kInt64:
        *value = column.Int(n);
        return;
      case ValueType::kFloat64:
        *value = column.Float(n);
        return;
      case ValueType::kBool:
        *value = column.Int(n) != 0;
        return;
      case ValueType::kString:
        *value = std::string(column.Text(n));
        return;
    }
  }

  TestWorld world_;
  std::vector<TestValues> rows_;
};

}  // namespace skep::testing
