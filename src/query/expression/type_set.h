// SPDX-License-Identifier: Apache-2.0
// TypeSet: which types a column or an expression may have from row to row. Null is not one of them:
// everything may be null. What cannot occur costs nothing in SQL. A value.
#pragma once

#include <cstdint>

#include "model/value.h"

namespace skep {

class TypeSet {
 public:
  constexpr TypeSet() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a type is the set of itself.
  constexpr TypeSet(ValueType type) : bits_(Bit(type)) {}
  static constexpr TypeSet All() {
    return TypeSet(ValueType::kInt64) | ValueType::kFloat64 | ValueType::kBool | ValueType::kString;
  }

  constexpr bool Has(ValueType type) const { return (bits_ & Bit(type)) != 0; }
  constexpr bool HasNumber() const { return Has(ValueType::kInt64) || Has(ValueType::kFloat64); }
  constexpr bool IsEmpty() const { return bits_ == 0; }
  constexpr bool Is(ValueType type) const { return bits_ == Bit(type); }

  constexpr TypeSet operator|(TypeSet other) const {
    TypeSet both = *this;
    both.bits_ |= other.bits_;
    return both;
  }
  constexpr TypeSet operator&(TypeSet other) const {
    TypeSet both = *this;
    both.bits_ &= other.bits_;
    return both;
  }
  constexpr TypeSet& operator|=(TypeSet other) { return *this = *this | other; }
  constexpr bool operator==(const TypeSet&) const = default;

 private:
  static constexpr uint8_t Bit(ValueType type) {
    return static_cast<uint8_t>(1u << static_cast<unsigned>(type));
  }
  uint8_t bits_ = 0;
};

inline constexpr ValueType kEveryType[] = {ValueType::kInt64, ValueType::kFloat64, ValueType::kBool,
                                           ValueType::kString};

}  // namespace skep
