// SPDX-License-Identifier: Apache-2.0
#include "store/promotions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/statement.h"
#include "store/schema.h"

namespace skep {
namespace {

constexpr std::string_view kAttribute = "attributes.`";
constexpr size_t kCountedMax = 1000;  // attributes

struct Form {
  ValueType type;
  std::string_view name;    // as the engine calls the type
  std::string_view prefix;  // of the column's name
  std::string_view column;  // its type, and how it is kept
};
// Numbers of an attribute are small or near each other.
constexpr std::array kForms = {
    Form{ValueType::kInt64, "Int64", "int:", "Nullable(Int64) CODEC(T64, LZ4)"},
    Form{ValueType::kFloat64, "Float64", "float:", "Nullable(Float64) CODEC(LZ4)"},
    Form{ValueType::kBool, "Bool", "bool:", "Nullable(Bool) CODEC(LZ4)"},
    Form{ValueType::kString, "String", "text:", "LowCardinality(Nullable(String))"},
};
constexpr std::string_view kDistinctText = "Nullable(String) CODEC(ZSTD(1))";

const Form& FormOf(ValueType type) {
  return *std::find_if(kForms.begin(), kForms.end(),
                       [&](const Form& form) { return form.type == type; });
}

std::string ValueSql(const TypedAttribute& attribute) {
  return fmt::format("attributes.{}.:{}", QuotedIdentifier(attribute.path),
                     FormOf(attribute.type).name);
}

// The type behind a path, `.:Int64`; what follows must not go on with the name.
std::optional<ValueType> TypeAt(std::string_view text, size_t* size) {
  for (const Form& form : kForms) {
    if (!text.starts_with(".:") || !text.substr(2).starts_with(form.name)) continue;
    *size = 2 + form.name.size();
    return form.type;
  }
  return std::nullopt;
}

// What stands in backquotes, up to and with the closing one; nothing if there is none.
std::optional<std::string> NameAt(std::string_view text, size_t* size) {
  std::string name;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') {
      *size = i + 1;
      return name;
    }
    if (text[i] == '\\') {
      if (++i == text.size()) break;
      name += text[i] == '0' ? '\0' : text[i];
    } else {
      name += text[i];
    }
  }
  return std::nullopt;
}

bool HasIndex(const TypedAttribute& attribute, bool distinct) {
  return distinct && attribute.type == ValueType::kString;
}

}  // namespace

std::string PromotedColumn(const TypedAttribute& attribute) {
  return std::string(FormOf(attribute.type).prefix) + attribute.path;
}

std::optional<TypedAttribute> ReadPromotedColumn(std::string_view name) {
  for (const Form& form : kForms)
    if (name.starts_with(form.prefix))
      return TypedAttribute{std::string(name.substr(form.prefix.size())), form.type};
  return std::nullopt;
}

std::string AddColumnSql(const TypedAttribute& attribute, bool distinct) {
  const std::string column = QuotedIdentifier(PromotedColumn(attribute));
  const bool unlike = HasIndex(attribute, distinct);
  std::string type(unlike ? kDistinctText : FormOf(attribute.type).column);
  // The engine wants the value between the type and how it is kept.
  const size_t codec = std::min(type.find(" CODEC"), type.size());
  type.insert(codec, " MATERIALIZED " + ValueSql(attribute));
  std::string sql =
      fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {} {}", kEventsTable, column, type);
  if (unlike)
    sql += fmt::format(", ADD INDEX IF NOT EXISTS {0} {0} TYPE bloom_filter(0.01) GRANULARITY 1",
                       column);
  return sql;
}

std::string FillColumnSql(const TypedAttribute& attribute, bool distinct) {
  const std::string column = QuotedIdentifier(PromotedColumn(attribute));
  std::string sql = fmt::format("ALTER TABLE {} MATERIALIZE COLUMN {}", kEventsTable, column);
  if (HasIndex(attribute, distinct)) sql += ", MATERIALIZE INDEX " + column;
  return sql;
}

std::string SampleSql(const TypedAttribute& attribute) {
  const std::string value = ValueSql(attribute);
  return fmt::format(
      "SELECT count(), uniqCombined(value) FROM (SELECT {0} AS value FROM {1} WHERE {0} IS NOT "
      "NULL LIMIT 100000)",
      value, kEventsTable);
}

Promotions::Rewritten Promotions::Rewrite(std::string_view sql) const {
  Rewritten rewritten;
  state_.With([&](const State& state) {
    size_t done = 0;
    for (size_t at = sql.find(kAttribute); at != std::string_view::npos;
         at = sql.find(kAttribute, at + 1)) {
      const size_t name_at = at + kAttribute.size();
      size_t name_size = 0;
      size_t type_size = 0;
      auto name = NameAt(sql.substr(name_at), &name_size);
      if (!name) break;
      const auto type = TypeAt(sql.substr(name_at + name_size), &type_size);
      if (!type) continue;
      TypedAttribute attribute{std::move(*name), *type};
      if (state.promoted.contains(attribute)) {
        rewritten.sql += sql.substr(done, at - done);
        rewritten.sql += QuotedIdentifier(PromotedColumn(attribute));
        rewritten.changed = true;
        done = name_at + name_size + type_size;
      } else {
        rewritten.asked.push_back(std::move(attribute));
      }
    }
    rewritten.sql += sql.substr(done);
  });
  std::sort(rewritten.asked.begin(), rewritten.asked.end());
  rewritten.asked.erase(std::unique(rewritten.asked.begin(), rewritten.asked.end()),
                        rewritten.asked.end());
  return rewritten;
}

void Promotions::NoteScan(const std::vector<TypedAttribute>& asked, uint64_t rows_read) {
  state_.With([&](State& state) {
    for (const TypedAttribute& attribute : asked) {
      const auto known = state.rows_read.find(attribute);
      if (known != state.rows_read.end())
        known->second += rows_read;
      else if (state.rows_read.size() < kCountedMax)
        state.rows_read.emplace(attribute, rows_read);
    }
  });
}

void Promotions::Add(const TypedAttribute& attribute) {
  state_.With([&](State& state) {
    state.promoted.insert(attribute);
    state.rows_read.erase(attribute);
  });
}

size_t Promotions::size() const {
  return state_.With([](const State& state) { return state.promoted.size(); });
}

std::vector<TypedAttribute> Promotions::ScannedOver(uint64_t rows) const {
  return state_.With([&](const State& state) {
    std::vector<std::pair<uint64_t, TypedAttribute>> found;
    for (const auto& [attribute, read] : state.rows_read)
      if (read >= rows) found.emplace_back(read, attribute);
    std::sort(found.rbegin(), found.rend());
    std::vector<TypedAttribute> attributes;
    for (auto& [read, attribute] : found) attributes.push_back(std::move(attribute));
    return attributes;
  });
}

}  // namespace skep
