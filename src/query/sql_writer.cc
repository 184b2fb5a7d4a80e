// SPDX-License-Identifier: Apache-2.0
#include "query/sql_writer.h"

#include <fmt/format.h>

#include <utility>

namespace skep {
namespace {

SqlText TypeName(ValueType type) {
  switch (type) {
    case ValueType::kInt64:
      return "Int64";
    case ValueType::kFloat64:
      return "Float64";
    case ValueType::kBool:
      return "Bool";
    case ValueType::kString:
      return "String";
  }
  return "String";
}

template <typename T, typename F>
std::string ArrayText(std::span<const T> values, F&& append) {
  std::string text = "[";
  for (const T& value : values) {
    if (text.size() > 1) text += ',';
    append(value, &text);
  }
  text += ']';
  return text;
}

template <size_t kSize>
std::string HexArrayText(std::span<const Id<kSize>> ids) {
  return ArrayText(ids, [](const Id<kSize>& id, std::string* out) {
    out->push_back('\'');
    AppendHex(id.bytes.data(), kSize, out);
    out->push_back('\'');
  });
}

// As an array's text is read: in quotes, with escapes for what would end it.
void AppendQuotedText(std::string_view text, std::string* out) {
  *out += '\'';
  for (const char c : text) {
    switch (c) {
      case '\'':
      case '\\':
        *out += '\\';
        *out += c;
        break;
      case '\t':
        *out += "\\t";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      case '\0':
        *out += "\\0";
        break;
      default:
        *out += c;
    }
  }
  *out += '\'';
}

}  // namespace

SqlWriter& SqlWriter::Identifier(std::string_view name) {
  sql_ += QuotedIdentifier(name);
  return *this;
}

SqlWriter& SqlWriter::Attribute(std::string_view path) {
  sql_ += "attributes.";
  return Identifier(path);
}

SqlWriter& SqlWriter::Attribute(std::string_view path, ValueType type) {
  Attribute(path);
  sql_ += ".:";
  return Sql(TypeName(type));
}

SqlWriter& SqlWriter::Place(SqlText type, std::string value) {
  std::string name = fmt::format("p{}", parameters_.size() + 1);
  sql_ += fmt::format("{{{}:{}}}", name, type.view());
  value_bytes_ += value.size();
  parameters_.emplace_back(std::move(name), std::move(value));
  return *this;
}

SqlWriter& SqlWriter::Bind(std::string_view text) { return Place("String", std::string(text)); }
SqlWriter& SqlWriter::Bind(int64_t value) { return Place("Int64", fmt::format("{}", value)); }
SqlWriter& SqlWriter::Bind(uint64_t value) { return Place("UInt64", fmt::format("{}", value)); }
SqlWriter& SqlWriter::Bind(double value) { return Place("Float64", fmt::format("{}", value)); }

SqlWriter& SqlWriter::BindTime(int64_t ns) {
  Sql("fromUnixTimestamp64Nano(").Bind(ns);
  return Sql(", 'UTC')");
}

SqlWriter& SqlWriter::Bind(const TraceId& id) {
  Sql("toFixedString(unhex(").Bind(id.Hex());
  return Sql("), 16)");
}

SqlWriter& SqlWriter::Bind(const SpanId& id) {
  Sql("toFixedString(unhex(").Bind(id.Hex());
  return Sql("), 8)");
}

// A subquery and not a constant array: only that is looked up in the indexes.
SqlWriter& SqlWriter::BindSet(std::span<const TraceId> ids) {
  Sql("(SELECT toFixedString(unhex(arrayJoin(").Place("Array(String)", HexArrayText(ids));
  return Sql(")), 16))");
}

SqlWriter& SqlWriter::BindSet(std::span<const SpanId> ids) {
  Sql("(SELECT toFixedString(unhex(arrayJoin(").Place("Array(String)", HexArrayText(ids));
  return Sql(")), 8))");
}

SqlWriter& SqlWriter::BindSet(std::span<const uint64_t> values) {
  Sql("(SELECT arrayJoin(")
      .Place("Array(UInt64)", ArrayText(values, [](uint64_t value, std::string* out) {
               *out += fmt::format("{}", value);
             }));
  return Sql("))");
}

SqlWriter& SqlWriter::BindTimeSet(std::span<const int64_t> times_ns) {
  Sql("(SELECT fromUnixTimestamp64Nano(arrayJoin(")
      .Place("Array(Int64)", ArrayText(times_ns, [](int64_t value, std::string* out) {
               *out += fmt::format("{}", value);
             }));
  return Sql("), 'UTC'))");
}

SqlWriter& SqlWriter::BindArray(std::span<const std::string> texts) {
  return Place("Array(String)", ArrayText(texts, [](const std::string& text, std::string* out) {
                 AppendQuotedText(text, out);
               }));
}

SqlWriter& SqlWriter::BindArray(std::span<const double> numbers) {
  return Place("Array(Float64)", ArrayText(numbers, [](double number, std::string* out) {
                 *out += fmt::format("{}", number);
               }));
}

Statement SqlWriter::Take() {
  Statement statement(std::move(sql_));
  statement.parameters = std::move(parameters_);
  sql_.clear();
  parameters_.clear();
  return statement;
}

}  // namespace skep
