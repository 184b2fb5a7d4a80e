// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/constraints.h"

#include <algorithm>

#include "base/ascii.h"

namespace skep::cloudwatch {
namespace {

constexpr size_t kValueShownMax = 1024;  // a longer one is told by its beginning

template <char... kOthers>
bool IsAlphanumericOr(char c) {
  return IsAlnum(c) || ((c == kOthers) || ...);
}
bool IsStreamNameChar(char c) { return c != ':' && c != '*'; }

size_t Characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

std::string Quoted(std::string_view value) {
  std::string quoted = "'";
  size_t size = std::min(value.size(), kValueShownMax);
  while (size < value.size() && size > 0 && (static_cast<uint8_t>(value[size]) & 0xC0) == 0x80)
    --size;  // no half characters
  quoted.append(value.substr(0, size)).append(size < value.size() ? "...'" : "'");
  return quoted;
}

}  // namespace

const TextRule kGroupNameRule = {1, 512, IsAlphanumericOr<'.', '-', '_', '/', '#'>,
                                 R"([\.\-_/#A-Za-z0-9]+)"};
const TextRule kStreamNameRule = {1, 512, IsStreamNameChar, "[^:*]*"};
const TextRule kIdentifierRule = {
    1, 2048, IsAlphanumericOr<'_', '#', '+', '=', '/', ':', ',', '.', '@', '-'>,
    R"([\w#+=/:,.@-]*)", true};
const TextRule kResourceArnRule = {
    1, 1011, IsAlphanumericOr<'_', '+', '=', '/', ':', ',', '.', '@', '-', '#'>,
    R"([\w+=/:,.@-]*)"};

void Violations::Add(std::string_view member, const std::string& value,
                     std::string_view constraint) {
  text_ += count_++ == 0 ? "" : "; ";
  text_.append("Value ").append(value).append(value.empty() ? "at '" : " at '").append(member);
  text_.append("' failed to satisfy constraint: Member must ").append(constraint);
}

std::string Violations::Message() const {
  return std::to_string(count_) +
         (count_ == 1 ? " validation error detected: " : " validation errors detected: ") + text_;
}

void Violations::Missing(std::string_view member) { Add(member, "null", "not be null"); }

void Violations::Text(std::string_view member, std::string_view value, const TextRule& rule) {
  const size_t characters = Characters(value);
  if (characters < rule.min)
    Add(member, Quoted(value), "have length greater than or equal to " + std::to_string(rule.min));
  if (characters > rule.max)
    Add(member, Quoted(value), "have length less than or equal to " + std::to_string(rule.max));
  if (rule.allowed != nullptr && !std::all_of(value.begin(), value.end(), rule.allowed))
    Add(member, rule.value_hidden ? std::string() : Quoted(value),
        "satisfy regular expression pattern: " + std::string(rule.pattern));
}

void Violations::Range(std::string_view member, int64_t value, int64_t min, int64_t max) {
  if (value < min)
    Add(member, Quoted(std::to_string(value)),
        "have value greater than or equal to " + std::to_string(min));
  if (value > max)
    Add(member, Quoted(std::to_string(value)),
        "have value less than or equal to " + std::to_string(max));
}

void Violations::Size(std::string_view member, std::string_view value, size_t size, size_t min,
                      size_t max) {
  if (size < min)
    Add(member, Quoted(value), "have length greater than or equal to " + std::to_string(min));
  if (size > max)
    Add(member, Quoted(value), "have length less than or equal to " + std::to_string(max));
}

void Violations::NotInSet(std::string_view member, std::string_view value, std::string_view set) {
  Add(member, Quoted(value), "satisfy enum value set: " + std::string(set));
}

}  // namespace skep::cloudwatch
