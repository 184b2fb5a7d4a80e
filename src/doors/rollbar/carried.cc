// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/carried.h"

#include <string>

namespace skep::rollbar {
namespace {

constexpr size_t kDepth = 3;  // of objects in `custom`

void AddFields(TapeView object, size_t depth, std::string* name, CarriedIdsFinder* finder) {
  object.ForEachMember([&](std::string_view member, TapeView value) {
    const size_t prefix = name->size();
    if (prefix != 0) *name += '.';
    *name += member;
    if (value.IsString()) finder->AddField(*name, value.text());
    if (value.IsObject() && depth < kDepth) AddFields(value, depth + 1, name, finder);
    name->resize(prefix);
  });
}

}  // namespace

CarriedIds FindItemIds(TapeView data, TapeView custom, std::string_view message) {
  CarriedIdsFinder finder;
  std::string name;
  AddFields(custom, 1, &name, &finder);
  data["attributes"].ForEachElement([&](TapeView attribute) {
    finder.AddField(attribute["key"].text(), attribute["value"].text());
  });
  CarriedIds ids = finder.ids();
  if (!ids.trace_id.empty()) return ids;
  ids = FindCarriedIds(message);
  if (!ids.trace_id.empty()) return ids;
  finder.Clear();
  AddFields(data["request"]["headers"], kDepth, &name, &finder);
  // The span in a header is the caller's: the error happened below it, not in it.
  return {finder.ids().trace_id, {}};
}

}  // namespace skep::rollbar
