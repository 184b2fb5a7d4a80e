// SPDX-License-Identifier: Apache-2.0
#include "catalog/item.h"

namespace skep {

std::string_view NameOf(ItemStatus status) {
  for (const auto& entry : kItemStatusNames)
    if (entry.status == status) return entry.name;
  return "unknown";
}

std::string_view NameOf(ItemLevel level) {
  for (const auto& entry : kItemLevelNames)
    if (entry.level == level) return entry.name;
  return "unknown";
}

std::optional<ItemStatus> ItemStatusFromName(std::string_view name) {
  for (const auto& entry : kItemStatusNames)
    if (entry.name == name) return entry.status;
  return std::nullopt;
}

std::optional<ItemLevel> ItemLevelFromName(std::string_view name) {
  for (const auto& entry : kItemLevelNames)
    if (entry.name == name) return entry.level;
  return std::nullopt;
}

}  // namespace skep
