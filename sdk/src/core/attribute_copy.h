// SPDX-License-Identifier: Apache-2.0
// Copies of attributes into an arena, within limits: texts are cut at a character's border, arrays
// at what fits kArrayBytesMax (or one value's limit, if that is more). Throws std::bad_alloc only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/arena.h"
#include "skep/sdk/attribute.h"

namespace skep::sdk {

inline constexpr size_t kArrayBytesMax = 64 * 1024;
inline constexpr size_t kKeyBytesMax = 4096;        // an attribute with a longer key is dropped
inline constexpr size_t kNameBytesMax = 64 * 1024;  // of spans, events, status descriptions

// Whether the value is all in itself: a truth or a number.
inline bool IsScalar(const AttributeValue& value) { return value.Get().index() < 3; }

AttributeValue CopyValue(Arena& arena, const AttributeValue& value, size_t value_bytes_max);

// `attributes` with each key once, the last value winning, and at most `count_max` of them; counts
// the others.
std::span<const Attribute> CopyAttributes(Arena& arena, Attributes attributes, size_t count_max,
                                          size_t value_bytes_max, uint32_t& dropped);

// Bytes that the value takes in an arena.
size_t BytesOf(const AttributeValue& value);

}  // namespace skep::sdk
