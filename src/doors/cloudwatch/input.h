// SPDX-License-Identifier: Apache-2.0
// Input: the members of an operation's request, read as the service model types them. Asking for a
// member checks it; what is wrong is gathered and said by status() in AWS's words. Members that the
// operation does not know are ignored, as AWS does. One thread, one request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/log_groups.h"
#include "doors/cloudwatch/constraints.h"
#include "wire/json.h"

namespace skep::cloudwatch {

class Input {
 public:
  explicit Input(JsonView root) : root_(root) {}

  bool Has(std::string_view name) const;
  // Empty if it is absent.
  std::string Text(std::string_view name, const TextRule& rule);
  std::string RequiredText(std::string_view name, const TextRule& rule);
  std::optional<int64_t> Int(std::string_view name, int64_t min, int64_t max);
  std::optional<int64_t> RequiredInt(std::string_view name, int64_t min, int64_t max);
  bool Bool(std::string_view name, bool otherwise);
  std::vector<std::string> TextList(std::string_view name, size_t min, size_t max,
                                    const TextRule& rule);
  // Tags, keys and values checked.
  LogTags Tags(std::string_view name);

  Violations& violations() { return violations_; }
  // True if a member has another type than the model says: no constraint is worth telling then.
  bool misformed() const { return !serialization_.empty(); }
  // kInvalidArgument.
  Status status() const;

 private:
  JsonView Member(std::string_view name) const;
  bool IsText(JsonView value);
  void Misformed(JsonView value, std::string_view wanted);

  JsonView root_;
  Violations violations_;
  std::string serialization_;
};

}  // namespace skep::cloudwatch
