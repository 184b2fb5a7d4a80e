// SPDX-License-Identifier: Apache-2.0
#include "store/bound_values.h"

namespace skep {
namespace {

std::string Escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\\\";
        break;
      case '\t':
        escaped += "\\t";
        break;
      case '\n':
        escaped += "\\n";
        break;
      case '\r':
        escaped += "\\r";
        break;
      case '\0':
        escaped += "\\0";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// The type behind `{name:`; arrays, tuples and maps are written with quotes and escapes of their
// own.
bool IsNested(std::string_view sql, const std::string& name) {
  const std::string place = "{" + name + ":";
  const size_t at = sql.find(place);
  if (at == std::string_view::npos) return false;
  const std::string_view type = sql.substr(at + place.size());
  return type.starts_with("Array") || type.starts_with("Tuple") || type.starts_with("Map");
}

}  // namespace

BoundValues BindValues(const Statement& statement) {
  BoundValues bound;
  for (const auto& [name, value] : statement.parameters)
    bound.emplace_back(name, IsNested(statement.sql, name) ? value : Escaped(value));
  return bound;
}

}  // namespace skep
