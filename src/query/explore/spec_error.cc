// SPDX-License-Identifier: Apache-2.0
#include "query/explore/spec_error.h"

namespace skep {

std::string_view NameOf(SpecErrorCode code) {
  switch (code) {
    case SpecErrorCode::kInvalid:
      return "invalid";
    case SpecErrorCode::kMissing:
      return "missing";
    case SpecErrorCode::kIncorrectType:
      return "incorrect_type";
    case SpecErrorCode::kAlreadyExists:
      return "already_exists";
  }
  return "invalid";
}

Error ErrorOf(const SpecErrors& errors) {
  if (errors.empty()) return {Code::kInvalidArgument, "The query is not valid."};
  const SpecError& first = errors.front();
  return {Code::kInvalidArgument,
          first.field.empty() ? first.description : first.field + ": " + first.description};
}

}  // namespace skep
