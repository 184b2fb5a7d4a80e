// SPDX-License-Identifier: Apache-2.0
// What AWS's service model demands of the members of a request, and how AWS says that one breaks
// it: "1 validation error detected: Value 'x' at 'limit' failed to satisfy constraint: Member must
// ...". All breaches of a request are said at once. Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skep::cloudwatch {

// A string member: its length in characters and the characters that it may have.
struct TextRule {
  size_t min = 1;
  size_t max = 512;
  bool (*allowed)(char) = nullptr;  // unset: any
  std::string_view pattern{};       // how AWS writes `allowed`
  bool value_hidden = false;        // AWS does not repeat a value with other characters
};
extern const TextRule kGroupNameRule;
extern const TextRule kStreamNameRule;
extern const TextRule kIdentifierRule;   // name or ARN of a group
extern const TextRule kResourceArnRule;  // of what has tags

class Violations {
 public:
  void Missing(std::string_view member);
  void Text(std::string_view member, std::string_view value, const TextRule& rule);
  void Range(std::string_view member, int64_t value, int64_t min, int64_t max);
  // Of a list or map with `size` members, written as `value`.
  void Size(std::string_view member, std::string_view value, size_t size, size_t min, size_t max);
  // `set` is how AWS writes what it may be: "[A, B]".
  void NotInSet(std::string_view member, std::string_view value, std::string_view set);

  bool empty() const { return count_ == 0; }
  std::string Message() const;

 private:
  // `value` is as it is shown; empty: not at all.
  void Add(std::string_view member, const std::string& value, std::string_view constraint);

  size_t count_ = 0;
  std::string text_;
};

}  // namespace skep::cloudwatch
