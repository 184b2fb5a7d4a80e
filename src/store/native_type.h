// SPDX-License-Identifier: Apache-2.0
// NativeType: a ClickHouse type name taken apart, as far as answers are read: what its values are
// on the wire and what it is made of. Values; pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace skep {

struct NativeType {
  enum class Kind {
    kSigned,    // integers, dates and times, enums: `width` bytes
    kUnsigned,  // the same; Bool too
    kFloat,
    kString,
    kFixedString,  // `width` bytes
    kUuid,
    kNothing,
    kNullable,        // of inner[0]
    kArray,           // of inner[0]
    kLowCardinality,  // of inner[0]
    kDynamic,
    kJsonText,  // JSON, which the store asks to be written as text
  };

  Kind kind = Kind::kNothing;
  size_t width = 0;
  bool is_bool = false;
  std::vector<NativeType> inner;

  // kUnimplemented for types that answers cannot have (tuples, maps, decimals, aggregate states).
  static Result<NativeType> Parse(std::string_view text);
};

}  // namespace skep
