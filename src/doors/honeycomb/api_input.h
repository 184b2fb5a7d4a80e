// SPDX-License-Identifier: Apache-2.0
// Input: reads the members of one JSON object of a request, and notes what is wrong with each, so
// that a client hears of everything at once. A member that is null counts as not there, as Go's
// clients send it. Values that were refused read as their default. Thread-compatible.
//
//   Input in(body, &details);
//   const std::string name = in.Required("name", 120);
//   Input threshold = in.Object("threshold");
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doors/honeycomb/api_problem.h"
#include "wire/json.h"

namespace skep::honeycomb {

using Choices = std::initializer_list<std::string_view>;

class Input {
 public:
  // `place` goes before the names of its members in what is noted, with `separator` between them.
  Input(JsonView object, std::vector<ProblemDetail>* details, std::string place = {},
        std::string_view separator = ".")
      : object_(object), details_(details), place_(std::move(place)), separator_(separator) {}

  bool Has(std::string_view name) const { return static_cast<bool>(Member(name)); }
  // Absent if null.
  JsonView Member(std::string_view name) const;

  // Text that must be there and not be blank, of at most `characters_max`.
  std::string Required(std::string_view name, size_t characters_max);
  std::string Text(std::string_view name, size_t characters_max, std::string_view otherwise = {});
  std::optional<int64_t> Integer(std::string_view name, int64_t min, int64_t max);
  std::optional<int64_t> RequiredInteger(std::string_view name, int64_t min, int64_t max);
  std::optional<double> RequiredNumber(std::string_view name);
  bool Bool(std::string_view name, bool otherwise);
  // One of `choices`; empty or absent: `otherwise`, and if that is empty one is missing.
  std::string Choice(std::string_view name, Choices choices, std::string_view otherwise = {});
  // Of another type or absent: one without members.
  Input Object(std::string_view name) const;
  Input RequiredObject(std::string_view name);
  // Of another type or absent: empty.
  std::vector<JsonView> Array(std::string_view name, size_t max);
  // The i-th element of the array `name`, to be read as an object.
  Input Element(std::string_view name, size_t index, JsonView element) const;

  void Invalid(std::string_view name, std::string description) {
    Add(name, "invalid", std::move(description));
  }
  void Missing(std::string_view name, std::string description = "cannot be blank") {
    Add(name, "missing", std::move(description));
  }
  void Add(std::string_view name, std::string_view code, std::string description);
  std::vector<ProblemDetail>* details() const { return details_; }
  std::string PlaceOf(std::string_view name) const;

 private:
  void AddAt(std::string place, std::string_view code, std::string description) const;
  bool CheckLength(std::string_view name, std::string_view text, size_t characters_max);

  JsonView object_;
  std::vector<ProblemDetail>* details_;
  std::string place_;
  std::string_view separator_;
};

}  // namespace skep::honeycomb
