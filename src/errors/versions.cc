// SPDX-License-Identifier: Apache-2.0
#include "errors/versions.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace skep {
namespace {

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Digits of any length.
std::strong_ordering CompareNumbers(std::string_view a, std::string_view b) {
  const auto trim = [](std::string_view& text) {
    while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  };
  trim(a);
  trim(b);
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

struct Version {
  std::vector<std::string_view> numbers;
  std::vector<std::string_view> pre_release;  // empty: none, which comes after all of them
};

std::optional<Version> Read(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));  // build metadata has no order
  Version version;
  const size_t dash = text.find('-');
  if (dash != std::string_view::npos) version.pre_release = Split(text.substr(dash + 1), '.');
  version.numbers = Split(text.substr(0, dash), '.');
  if (version.numbers.size() > 4 ||
      !std::all_of(version.numbers.begin(), version.numbers.end(), IsNumber))
    return std::nullopt;
  // order.
  return version;
}

std::strong_ordering ComparePreRelease(const std::vector<std::string_view>& a,
                                       const std::vector<std::string_view>& b) {
  if (a.empty() || b.empty()) return b.size() <=> a.size();
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const bool a_number = IsNumber(a[i]);
    const bool b_number = IsNumber(b[i]);
    std::strong_ordering order = std::strong_ordering::equal;
    if (a_number && b_number) {
      order = CompareNumbers(a[i], b[i]);
    } else if (a_number != b_number) {
      order = a_number ? std::strong_ordering::less : std::strong_ordering::greater;
    } else {
      order = a[i].compare(b[i]) <=> 0;
    }
    if (order != 0) return order;
  }
  return a.size() <=> b.size();
}

}  // namespace

std::optional<std::strong_ordering> CompareVersions(std::string_view a, std::string_view b) {
  if (a == b) return std::strong_ordering::equal;
  const std::optional<Version> left = Read(a);
  const std::optional<Version> right = Read(b);
  if (!left || !right) return std::nullopt;
  const size_t count = std::max(left->numbers.size(), right->numbers.size());
  for (size_t i = 0; i < count; ++i) {
    const auto number = [&](const Version& version) {
      return i < version.numbers.size() ? version.numbers[i] : std::string_view("0");
    };
    const std::strong_ordering order = CompareNumbers(number(*left), number(*right));
    if (order != 0) return order;
  }
  return ComparePreRelease(left->pre_release, right->pre_release);
}

}  // namespace skep
