// SPDX-License-Identifier: Apache-2.0
#include "core/attribute_copy.h"

#include <algorithm>
#include <memory>
#include <type_traits>

#include "core/json_text.h"

namespace skep::sdk {
namespace {

template <typename T>
std::span<const T> CopyPlain(Arena& arena, std::span<const T> values, size_t bytes_max) {
  const auto kept = values.first(std::min(values.size(), bytes_max / sizeof(T)));
  const std::span<T> copy = arena.Array<T>(kept.size());
  std::uninitialized_copy(kept.begin(), kept.end(), copy.begin());
  return copy;
}

template <typename T>
std::span<const std::string_view> CopyTexts(Arena& arena, std::span<const T> values,
                                            size_t value_bytes_max, size_t bytes_max) {
  size_t bytes = 0;
  size_t count = 0;
  for (const T& value : values) {
    bytes += sizeof(std::string_view) + FrontOf(value, value_bytes_max).size();
    if (bytes > bytes_max) break;
    ++count;
  }
  const auto copy = arena.Array<std::string_view>(count);
  for (size_t i = 0; i < count; ++i) {
    std::construct_at(&copy[i], arena.Copy(FrontOf(values[i], value_bytes_max)));
  }
  return copy;
}

}  // namespace

AttributeValue CopyValue(Arena& arena, const AttributeValue& value, size_t value_bytes_max) {
  const size_t array_bytes_max = std::max(kArrayBytesMax, value_bytes_max);
  return std::visit(
      [&]<typename T>(const T& held) -> AttributeValue {
        if constexpr (std::is_same_v<T, std::string_view>) {
          return arena.Copy(FrontOf(held, value_bytes_max));
        } else if constexpr (std::is_same_v<T, std::span<const std::string_view>> ||
                             std::is_same_v<T, std::span<const std::string>>) {
          return CopyTexts(arena, held, value_bytes_max, array_bytes_max);
        } else if constexpr (std::is_arithmetic_v<T>) {
          return held;
        } else {
          return CopyPlain(arena, held, array_bytes_max);
        }
      },
      value.Get());
}

std::span<const Attribute> CopyAttributes(Arena& arena, Attributes attributes, size_t count_max,
                                          size_t value_bytes_max, uint32_t& dropped) {
  const auto copy = arena.Array<Attribute>(std::min(attributes.size(), count_max));
  size_t count = 0;
  for (const auto& [key, value] : attributes) {
    const auto seen = copy.first(count);
    const auto same = std::ranges::find(seen, key, &Attribute::first);
    if (same != seen.end()) {
      same->second = CopyValue(arena, value, value_bytes_max);
    } else if (key.empty() || key.size() > kKeyBytesMax || count == copy.size()) {
      ++dropped;
    } else {
      std::construct_at(&copy[count], arena.Copy(key), CopyValue(arena, value, value_bytes_max));
      ++count;
    }
  }
  return copy.first(count);
}

size_t BytesOf(const AttributeValue& value) {
  return std::visit(
      []<typename T>(const T& held) -> size_t {
        if constexpr (std::is_same_v<T, std::string_view>) {
          return held.size();
        } else if constexpr (std::is_arithmetic_v<T>) {
          return 0;
        } else {
          size_t bytes = held.size() * sizeof(typename T::value_type);
          if constexpr (std::is_same_v<T, std::span<const std::string_view>>) {
            for (const auto text : held) bytes += text.size();
          }
          return bytes;
        }
      },
      value.Get());
}

}  // namespace skep::sdk
