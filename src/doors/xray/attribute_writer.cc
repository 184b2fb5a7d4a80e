// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/attribute_writer.h"

#include <algorithm>
#include <charconv>

namespace skep::xray {
namespace {

constexpr size_t kFlattenDepth = 5;

}  // namespace

std::string_view AttributeWriter::Text(size_t token) {
  const JsonTape::Token& value = tape_->tokens()[token];
  if (value.type != JsonType::kString) return {};
  const std::string_view raw = tape_->Raw(value);
  if (!value.escaped) return raw;
  char* const plain = batch_->arena().Allocate(raw.size());
  return {plain, JsonTape::Unescape(raw, plain)};
}

Value AttributeWriter::ScalarOf(size_t token) {
  const JsonTape::Token& value = tape_->tokens()[token];
  switch (value.type) {
    case JsonType::kBool:
      return Value::Bool(value.int64 != 0);
    case JsonType::kInt64:
      return Value::Int(value.int64);
    case JsonType::kUInt64:
    case JsonType::kFloat64:
      return Value::Float(value.float64);
    case JsonType::kString:
      return Value::String(Text(token));
    default:
      return Value::String(tape_->Raw(value));  // JSON already
  }
}

void AttributeWriter::AddText(std::string_view name, std::string_view text) {
  if (!text.empty() && text.size() <= limits_.string_bytes_max)
    batch_->Add(name, Value::String(text));
}

void AttributeWriter::AddUpper(std::string_view name, std::string_view text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (std::any_of(text.begin(), text.end(), is_lower)) {
    char* const upper = batch_->arena().Allocate(text.size());
    std::transform(text.begin(), text.end(), upper,
                   [&](char c) { return is_lower(c) ? static_cast<char>(c & ~32) : c; });
    text = {upper, text.size()};
  }
  AddText(name, text);
}

void AttributeWriter::AddInteger(std::string_view name, size_t token) {
  const JsonTape::Token& value = tape_->tokens()[token];
  int64_t number = -1;
  if (value.type == JsonType::kInt64) {
    number = value.int64;
  } else if (value.type == JsonType::kString) {
    const std::string_view text = tape_->Raw(value);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) number = -1;
  }
  if (number >= 0) batch_->Add(name, Value::Int(number));
}

void AttributeWriter::AddKnown(const KnownMember& known, size_t token) {
  const JsonTape::Token& value = tape_->tokens()[token];
  switch (known.form) {
    case Form::kSkip:
      return;
    case Form::kIfTrue:
      if (value.type == JsonType::kBool && value.int64 != 0) AddTrue(known.name);
      return;
    case Form::kInteger:
      return AddInteger(known.name, token);
    case Form::kUpper:
      return AddUpper(known.name, Text(token));
    case Form::kAsIs:
      break;
  }
  if (value.type == JsonType::kNull) return;
  if (value.type == JsonType::kObject || value.type == JsonType::kArray)
    return AddText(known.name, tape_->Raw(value));
  if (value.type == JsonType::kString) return AddText(known.name, Text(token));
  batch_->Add(known.name, ScalarOf(token));
}

void AttributeWriter::AddObject(size_t token, std::span<const KnownMember> known,
                                std::string_view prefix) {
  if (tape_->tokens()[token].type != JsonType::kObject)
    return AddNamed(prefix.substr(0, prefix.size() - 1), token);
  ForEachMember(*tape_, this, token, [&](std::string_view member, size_t value) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const KnownMember& k) { return k.member == member; });
    if (found != known.end()) return AddKnown(*found, value);
    name_.assign(prefix.substr(0, prefix.size() - 1));
    AddMember(member, value, 0);
  });
}

void AttributeWriter::AddNamed(std::string_view name, size_t token) {
  name_.assign(name);
  Flatten(token, 0);
}

void AttributeWriter::AddMember(std::string_view member, size_t token, size_t depth) {
  const size_t before = name_.size();
  if (member.empty() || before + member.size() >= limits_.key_bytes_max) return;
  name_ += '.';
  name_ += member;
  Flatten(token, depth);
  name_.resize(before);
}

// Recursion is bounded by kFlattenDepth.
void AttributeWriter::FlattenMembers(size_t token, size_t depth) {
  ForEachMember(*tape_, this, token,
                [&](std::string_view member, size_t value) { AddMember(member, value, depth); });
}

void AttributeWriter::Flatten(size_t token, size_t depth) {
  const JsonTape::Token& value = tape_->tokens()[token];
  if (value.type == JsonType::kNull) return;
  if (value.type == JsonType::kObject && depth < kFlattenDepth)
    return FlattenMembers(token, depth + 1);
  if (value.end - value.begin > limits_.string_bytes_max) return;
  Put(ScalarOf(token));
}

void AttributeWriter::Put(Value value) {
  if (count_ >= limits_.attributes_per_record_max ||
      batch_->attributes().size() >= limits_.attributes_per_request_max ||
      batch_->keys().size() >= limits_.keys_per_request_max)
    return;
  ++count_;
  batch_->Add(batch_->KeyCopied(name_), value);
}

}  // namespace skep::xray
