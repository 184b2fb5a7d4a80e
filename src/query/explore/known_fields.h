// SPDX-License-Identifier: Apache-2.0
// Known fields: the names that are columns of `events` and not attributes, each with its one type
// and its SQL. Pure.
#pragma once

#include <span>
#include <string_view>

#include "model/value.h"
#include "query/sql_writer.h"

namespace skep {

// One of the few texts that a field can be, and when it is: numbers are compared, no text is made.
struct KnownWord {
  std::string_view text;
  SqlText condition;
};

struct KnownField {
  std::string_view name;
  ValueType type;
  // Whether a row of Honeycomb's door may say it by an attribute of this name.
  bool may_be_attribute;
  bool many_values;  // about as many as there are rows, or traces
  SqlText sql;       // Nullable, or plain where every row has it
  SqlText number;    // the number that it is, where `sql` is no number; else empty
  SqlText exists;    // a condition, never null: `sql` is not null
  std::span<const KnownWord> words = {};  // all of its texts; empty: there are others
};

std::span<const KnownField> KnownFields();
const KnownField* FindKnownField(std::string_view name);

}  // namespace skep
