// SPDX-License-Identifier: Apache-2.0
// For tests of BubbleUp: a list of fields that is written down, and requests of a minute. Only
// tests use it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/bubbleup/bubbleup_json.h"
#include "query/testing.h"

namespace skep::testing {

class WrittenList final : public FieldList {
 public:
  explicit WrittenList(std::vector<ListedField> fields) : fields_(std::move(fields)) {}
  std::vector<ListedField> List(std::string_view) const override { return fields_; }
  bool IsComplete(std::string_view) const override { return true; }

 private:
  std::vector<ListedField> fields_;
};

// `members` of the request besides its query, which is everything in the minute from kTestTimeNs
// on, with `and_query` besides.
inline Result<BubbleUpRequest> BubbleUpOf(std::string_view members,
                                          std::string_view and_query = {}) {
  constexpr int64_t kNsPerSecond = 1'000'000'000;
  const std::string text = R"({"query":{"start_time":)" +
                           std::to_string(kTestTimeNs / kNsPerSecond) + R"(,"time_range":60)" +
                           std::string(and_query) + "}," + std::string(members) + "}";
  SKEP_ASSIGN(const JsonDocument json, JsonDocument::Parse(text));
  SpecErrors errors;
  auto request = ParseBubbleUp(json.root(), &errors);
  if (!request) return ErrorOf(errors);
  request->now_ns = kTestTimeNs;
  return std::move(*request);
}

inline const BubbleUpField* FieldNamed(const BubbleUpResult& result, std::string_view name) {
  for (const BubbleUpField& field : result.fields)
    if (field.name == name) return &field;
  return nullptr;
}

inline std::string KeptOut(const BubbleUpResult& result) {
  JsonWriter json;
  json.BeginObject();
  RenderBubbleUp(result, &json);
  json.EndObject();
  const std::string text = json.Take();
  return text.substr(text.find("\"kept_out\""));
}

}  // namespace skep::testing
