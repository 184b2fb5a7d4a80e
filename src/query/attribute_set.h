// SPDX-License-Identifier: Apache-2.0
// AttributeSet: the attributes of one row, from the JSON text that the store gives. The store nests
// them at each dot of their names; here they are flat again, in order of name. Movable; owned by
// one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/json.h"

namespace skep {

class AttributeSet {
 public:
  // Text that is no JSON object is a set without attributes.
  explicit AttributeSet(std::string_view json);

  // Absent if there is none.
  JsonView Find(std::string_view name) const;
  // Text as it is, numbers and truth values spelt; empty if absent.
  std::string Text(std::string_view name) const;
  // A number, also one that is spelt as text; `otherwise` if it is neither.
  int64_t Int(std::string_view name, int64_t otherwise = 0) const;
  bool Bool(std::string_view name) const;

  const std::vector<std::pair<std::string, JsonView>>& entries() const { return entries_; }

 private:
  JsonDocument document_;
  std::vector<std::pair<std::string, JsonView>> entries_;
};

}  // namespace skep
