// SPDX-License-Identifier: Apache-2.0
// SqlWriter: the only place where SQL text is made. Text is a literal of ours (checked when
// compiling), names are quoted by one function, and values are always bound: what a user says
// cannot become SQL. Used by the plans of this folder; values; thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"
#include "model/statement.h"
#include "model/value.h"

namespace skep {

// Only literals convert to it: a std::string does not compile.
class SqlText {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): that a literal converts by itself is the point.
  consteval SqlText(const char* text) : text_(text) {}
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

class SqlWriter {
 public:
  SqlWriter& Sql(SqlText text) {
    sql_ += text.view();
    return *this;
  }
  // Another writer's place for the same statement: a name of a column or alias of ours that is only
  // known at run time.
  SqlWriter& Identifier(std::string_view name);
  // The attribute at `path`, which may be anything: of whatever type it has in a row, or only where
  // it has this type (else NULL). The store may keep a much-asked attribute elsewhere; this
  // function would then know.
  SqlWriter& Attribute(std::string_view path);
  SqlWriter& Attribute(std::string_view path, ValueType type);

  SqlWriter& Bind(std::string_view text);
  SqlWriter& Bind(int64_t value);
  SqlWriter& Bind(uint64_t value);
  SqlWriter& Bind(double value);
  // A DateTime64(9).
  SqlWriter& BindTime(int64_t ns);
  SqlWriter& Bind(const TraceId& id);
  SqlWriter& Bind(const SpanId& id);
  // Sets for the right side of IN; the engine uses them on its indexes.
  SqlWriter& BindSet(std::span<const TraceId> ids);
  SqlWriter& BindSet(std::span<const SpanId> ids);
  SqlWriter& BindSet(std::span<const uint64_t> values);
  SqlWriter& BindTimeSet(std::span<const int64_t> times_ns);
  // Arrays: one value for however many elements. They may stand on the right side of IN too.
  SqlWriter& BindArray(std::span<const std::string> texts);
  SqlWriter& BindArray(std::span<const double> numbers);

  // Of the statement and its values so far.
  size_t bytes() const { return sql_.size() + value_bytes_; }

  Statement Take();

 private:
  // Writes `{pN:type}` and keeps the value.
  SqlWriter& Place(SqlText type, std::string value);

  std::string sql_;
  std::vector<std::pair<std::string, std::string>> parameters_;
  size_t value_bytes_ = 0;
};

}  // namespace skep
