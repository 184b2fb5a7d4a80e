// SPDX-License-Identifier: Apache-2.0
// Columns of a dataset: the fields that its records have had (from the catalogue of fields), the
// names that are columns of every record, and what people have said of them or made ahead of data.
// A column's id is made of its dataset and name, so that those nobody made have one too. Pure but
// for the catalog.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

struct Column {
  std::string id{};
  std::string name{};
  std::string type = "string";
  std::string description{};
  bool hidden = false;
  bool stored = false;          // somebody said something of it: there is a document
  bool seen = false;            // records have it
  int64_t last_written_ns = 0;  // 0: never
  int64_t created_ns = 0;
  int64_t updated_ns = 0;
};

// In order of name.
Result<std::vector<Column>> ColumnsOf(const ApiCall& call, const std::string& dataset);
Result<bool> HasColumn(const ApiCall& call, const std::string& dataset, std::string_view name);

}  // namespace skep::honeycomb
