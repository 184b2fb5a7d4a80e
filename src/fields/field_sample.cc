// SPDX-License-Identifier: Apache-2.0
#include "fields/field_sample.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "wire/json.h"

namespace skep::fields {
namespace {

constexpr std::string_view kCut = "\u2026";

uint64_t Mix(uint64_t bits) {  // the last steps of splitmix64
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ull;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBull;
  return bits ^ (bits >> 31);
}

// 200 and 200.0 are one value.
uint64_t HashOf(const Value& value) {
  constexpr uint64_t kBoolSeed = 0x9E3779B97F4A7C15ull;
  switch (value.type()) {
    case ValueType::kInt64:
      return Mix(std::bit_cast<uint64_t>(static_cast<double>(value.int64())) ^
                 static_cast<uint64_t>(value.int64()) << 1);
    case ValueType::kFloat64: {
      const double number = value.float64();
      const bool whole = std::abs(number) < 0x1p63 && number == std::trunc(number);
      return whole ? HashOf(Value::Int(static_cast<int64_t>(number)))
                   : Mix(std::bit_cast<uint64_t>(number));
    }
    case ValueType::kBool:
      return Mix(kBoolSeed + (value.boolean() ? 1 : 0));
    case ValueType::kString:
      break;
  }
  return XXH3_64bits(value.text().data(), value.text().size());
}

}  // namespace

std::string ExampleText(const Value& value) {
  switch (value.type()) {
    case ValueType::kInt64:
      return fmt::format("{}", value.int64());
    case ValueType::kFloat64:
      return fmt::format("{}", value.float64());
    case ValueType::kBool:
      return value.boolean() ? "true" : "false";
    case ValueType::kString:
      break;
  }
  std::string_view text = value.text();
  if (text.size() <= FieldSample::kExampleBytes) return std::string(text);
  size_t end = FieldSample::kExampleBytes - kCut.size();
  const auto continues = [&](size_t at) { return (static_cast<uint8_t>(text[at]) & 0xC0) == 0x80; };
  while (end > 0 && continues(end)) --end;
  return std::string(text.substr(0, end)).append(kCut);
}

bool FieldSample::Add(const Value& value, bool as_example) {
  ++rows_;
  bool changed = sketch_.Add(HashOf(value));
  if (!as_example) return changed;
  std::string text = ExampleText(value);
  const auto known = std::find(examples_.begin(), examples_.end(), text);
  if (known != examples_.end()) return changed;
  if (examples_.size() == kExamples) examples_.pop_back();
  examples_.insert(examples_.begin(), std::move(text));
  return true;
}

std::string FieldSample::EncodeExamples() const {
  JsonWriter json;
  json.BeginArray();
  for (const std::string& example : examples_) json.String(example);
  json.EndArray();
  return json.Take();
}

Result<FieldSample> FieldSample::Decode(uint64_t rows, std::string_view sketch,
                                        std::string_view examples) {
  FieldSample sample;
  sample.rows_ = rows;
  SKEP_ASSIGN(sample.sketch_, DistinctSketch::Decode(sketch));
  SKEP_ASSIGN(const JsonDocument document, JsonDocument::Parse(examples));
  const JsonView list = document.root();
  for (size_t i = 0; i < std::min(list.size(), kExamples); ++i)
    sample.examples_.emplace_back(list.At(i).text());
  return sample;
}

}  // namespace skep::fields
