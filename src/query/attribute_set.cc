// SPDX-License-Identifier: Apache-2.0
#include "query/attribute_set.h"

#include <algorithm>
#include <charconv>

namespace skep {
namespace {

constexpr size_t kDepthMax = 256;

}  // namespace

AttributeSet::AttributeSet(std::string_view json) {
  if (json.empty() || !document_.ParseAgain(json, kDepthMax) || !document_.root().IsObject())
    return;
  std::vector<std::pair<std::string, JsonView>> open = {{"", document_.root()}};
  while (!open.empty()) {
    const auto [name, object] = std::move(open.back());
    open.pop_back();
    const std::string prefix = name.empty() ? "" : name + ".";
    for (size_t i = 0; i < object.size(); ++i) {
      std::string path = prefix + std::string(object.NameAt(i));
      const JsonView value = object.At(i);
      if (value.IsObject()) {
        open.emplace_back(std::move(path), value);
      } else {
        entries_.emplace_back(std::move(path), value);
      }
    }
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
}

JsonView AttributeSet::Find(std::string_view name) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), name,
      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found == entries_.end() || found->first != name ? JsonView() : found->second;
}

std::string AttributeSet::Text(std::string_view name) const {
  const JsonView value = Find(name);
  if (!value || value.type() == JsonType::kNull) return {};
  return value.IsString() ? std::string(value.text()) : value.ToJson();
}

int64_t AttributeSet::Int(std::string_view name, int64_t otherwise) const {
  const JsonView value = Find(name);
  if (!value.IsString()) return value ? value.int64(otherwise) : otherwise;
  const std::string_view text = value.text();
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

bool AttributeSet::Bool(std::string_view name) const { return Find(name).boolean(); }

}  // namespace skep
