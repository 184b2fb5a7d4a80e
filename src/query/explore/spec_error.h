// SPDX-License-Identifier: Apache-2.0
// SpecError: one thing that is wrong with a query, in Honeycomb's terms (type_detail of its 422
// answers), with the place for the page. A check goes on after the first, so that a client sees
// all. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace skep {

enum class SpecErrorCode : uint8_t { kInvalid, kMissing, kIncorrectType, kAlreadyExists };
// invalid, missing, incorrect_type, already_exists.
std::string_view NameOf(SpecErrorCode code);

struct SpecError {
  std::string field;  // `filters[1].op`; empty: the whole query
  SpecErrorCode code = SpecErrorCode::kInvalid;
  std::string description;         // a sentence, safe for clients
  std::optional<size_t> position;  // byte within the field's own text: of an expression
};

using SpecErrors = std::vector<SpecError>;

// kInvalidArgument with the first of them and its place, for doors that say only one.
Error ErrorOf(const SpecErrors& errors);

}  // namespace skep
