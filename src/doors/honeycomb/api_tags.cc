// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_tags.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kTagsMax = 10;
constexpr size_t kKeyMax = 32;
constexpr size_t kValueMax = 128;

bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= kKeyMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return IsLower(c); });
}

bool IsValue(std::string_view value) {
  return !value.empty() && value.size() <= kValueMax && IsLower(value.front()) &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return IsLower(c) || IsDigit(c) || c == '-' || c == '/'; });
}

}  // namespace

void ReadTags(Input* in, JsonWriter* body) {
  const std::vector<JsonView> tags = in->Array("tags", kTagsMax);
  if (tags.empty()) return;
  body->Key("tags");
  body->BeginArray();
  for (size_t i = 0; i < tags.size(); ++i) {
    Input tag = in->Element("tags", i, tags[i]);
    const std::string key = tag.Required("key", kKeyMax);
    if (!key.empty() && !IsKey(key)) tag.Invalid("key", "must be lower case letters only");
    const std::string value = tag.Required("value", kValueMax);
    if (!value.empty() && !IsValue(value))
      tag.Invalid("value",
                  "must begin with a lower case letter and have only lower case letters, digits,"
                  " - and /");
    body->BeginObject();
    body->Field("key", key);
    body->Field("value", value);
    body->EndObject();
  }
  body->EndArray();
}

}  // namespace skep::honeycomb
