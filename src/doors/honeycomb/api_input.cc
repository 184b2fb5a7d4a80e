// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_input.h"

#include <algorithm>
#include <utility>

namespace skep::honeycomb {
namespace {

constexpr size_t kDetailsMax = 100;  // that are said of one request
constexpr size_t kDetailBytesMax = 512;

size_t Characters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

bool IsWhole(const JsonView& value) {
  if (value.type() == JsonType::kInt64) return true;
  // What a client computed as a float.
  return value.type() == JsonType::kFloat64 && value.float64() >= -9e15 &&
         value.float64() <= 9e15 && value.float64() == static_cast<double>(value.int64());
}

}  // namespace

JsonView Input::Member(std::string_view name) const {
  const JsonView member = object_[name];
  return member.type() == JsonType::kNull ? JsonView() : member;
}

std::string Input::PlaceOf(std::string_view name) const {
  if (place_.empty()) return std::string(name);
  return place_ + std::string(separator_) + std::string(name);
}

void Input::Add(std::string_view name, std::string_view code, std::string description) {
  AddAt(PlaceOf(name), code, std::move(description));
}

void Input::AddAt(std::string place, std::string_view code, std::string description) const {
  if (details_->size() >= kDetailsMax) return;
  // What a client wrote may be in either.
  place.resize(std::min(place.size(), kDetailBytesMax));
  description.resize(std::min(description.size(), kDetailBytesMax));
  details_->push_back({std::move(place), std::string(code), std::move(description)});
}

bool Input::CheckLength(std::string_view name, std::string_view text, size_t characters_max) {
  if (Characters(text) <= characters_max) return true;
  Invalid(name, "must be no longer than " + std::to_string(characters_max) + " characters");
  return false;
}

std::string Input::Required(std::string_view name, size_t characters_max) {
  const JsonView member = Member(name);
  if (member && !member.IsString()) {
    Add(name, "incorrect_type", "must be a string");
    return {};
  }
  if (IsBlank(member.text())) {
    Missing(name);
    return {};
  }
  if (!CheckLength(name, member.text(), characters_max)) return {};
  return std::string(member.text());
}

std::string Input::Text(std::string_view name, size_t characters_max, std::string_view otherwise) {
  const JsonView member = Member(name);
  if (!member) return std::string(otherwise);
  if (!member.IsString()) {
    Add(name, "incorrect_type", "must be a string");
    return std::string(otherwise);
  }
  if (!CheckLength(name, member.text(), characters_max)) return std::string(otherwise);
  return std::string(member.text());
}

std::optional<int64_t> Input::Integer(std::string_view name, int64_t min, int64_t max) {
  const JsonView member = Member(name);
  if (!member) return std::nullopt;
  if (!IsWhole(member)) {
    Add(name, "incorrect_type", "must be an integer");
    return std::nullopt;
  }
  const int64_t value = member.int64();
  if (value < min) {
    Invalid(name, "must be no less than " + std::to_string(min));
    return std::nullopt;
  }
  if (value > max) {
    Invalid(name, "must be no greater than " + std::to_string(max));
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> Input::RequiredInteger(std::string_view name, int64_t min, int64_t max) {
  if (!Has(name)) Missing(name);
  return Integer(name, min, max);
}

std::optional<double> Input::RequiredNumber(std::string_view name) {
  const JsonView member = Member(name);
  if (!member) Missing(name);
  if (member && !member.IsNumber()) Add(name, "incorrect_type", "must be a number");
  if (!member.IsNumber()) return std::nullopt;
  return member.float64();
}

bool Input::Bool(std::string_view name, bool otherwise) {
  const JsonView member = Member(name);
  if (!member) return otherwise;
  if (member.type() == JsonType::kBool) return member.boolean();
  Add(name, "incorrect_type", "must be a boolean");
  return otherwise;
}

std::string Input::Choice(std::string_view name, Choices choices, std::string_view otherwise) {
  const JsonView member = Member(name);
  if (member && !member.IsString()) {
    Add(name, "incorrect_type", "must be a string");
    return std::string(otherwise);
  }
  if (member.text().empty()) {
    if (otherwise.empty()) Missing(name);
    return std::string(otherwise);
  }
  if (std::find(choices.begin(), choices.end(), member.text()) != choices.end())
    return std::string(member.text());
  std::string description = "must be one of";
  for (const std::string_view choice : choices)
    description.append(choice == *choices.begin() ? " " : ", ").append(choice);
  Invalid(name, std::move(description));
  return std::string(otherwise);
}

Input Input::Object(std::string_view name) const {
  const JsonView member = Member(name);
  return {member.IsObject() ? member : JsonView(), details_, PlaceOf(name), separator_};
}

Input Input::RequiredObject(std::string_view name) {
  const JsonView member = Member(name);
  if (!member) Missing(name);
  if (member && !member.IsObject()) Add(name, "incorrect_type", "must be an object");
  return Object(name);
}

std::vector<JsonView> Input::Array(std::string_view name, size_t max) {
  const JsonView member = Member(name);
  std::vector<JsonView> elements;
  if (!member) return elements;
  if (!member.IsArray()) {
    Add(name, "incorrect_type", "must be an array");
    return elements;
  }
  if (member.size() > max) {
    Invalid(name, "must have no more than " + std::to_string(max) + " elements");
    return elements;
  }
  for (size_t i = 0; i < member.size(); ++i) elements.push_back(member.At(i));
  return elements;
}

Input Input::Element(std::string_view name, size_t index, JsonView element) const {
  Input input(element.IsObject() ? element : JsonView(), details_,
              PlaceOf(name) + "[" + std::to_string(index) + "]", separator_);
  if (!element.IsObject()) AddAt(input.place_, "incorrect_type", "must be an object");
  return input;
}

}  // namespace skep::honeycomb
