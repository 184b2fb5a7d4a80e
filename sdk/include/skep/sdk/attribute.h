// SPDX-License-Identifier: Apache-2.0
// A key with a value of any of OpenTelemetry's attribute types
// (opentelemetry.io/docs/specs/otel/common). AttributeValue is a view: what it points to must live
// until the call it is passed to returns; nothing here allocates.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace skep::sdk {

class AttributeValue {
 public:
  using Variant = std::variant<bool, int64_t, double, std::string_view, std::span<const bool>,
                               std::span<const int64_t>, std::span<const double>,
                               std::span<const std::string_view>, std::span<const std::string>>;

  // NOLINTBEGIN(google-explicit-constructor): SetAttribute("k", 5) is how it is meant to be used.
  AttributeValue(bool value) : value_(value) {}
  template <typename T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  AttributeValue(T value) : value_(static_cast<int64_t>(value)) {}
  template <typename T>
    requires std::is_floating_point_v<T>
  AttributeValue(T value) : value_(static_cast<double>(value)) {}
  AttributeValue(const char* value)
      : value_(value == nullptr ? std::string_view() : std::string_view(value)) {}
  AttributeValue(std::string_view value) : value_(value) {}
  AttributeValue(const std::string& value) : value_(std::string_view(value)) {}
  AttributeValue(std::span<const bool> values) : value_(values) {}
  AttributeValue(std::span<const int64_t> values) : value_(values) {}
  AttributeValue(std::span<const double> values) : value_(values) {}
  AttributeValue(std::span<const std::string_view> values) : value_(values) {}
  AttributeValue(std::span<const std::string> values) : value_(values) {}
  template <typename T>
    requires(std::is_same_v<T, int64_t> || std::is_same_v<T, double> ||
             std::is_same_v<T, std::string_view> || std::is_same_v<T, std::string>)
  AttributeValue(const std::vector<T>& values) : value_(std::span<const T>(values)) {}
  // NOLINTEND(google-explicit-constructor)

  const Variant& Get() const { return value_; }

 private:
  Variant value_;
};

using Attribute = std::pair<std::string_view, AttributeValue>;
using Attributes = std::span<const Attribute>;

}  // namespace skep::sdk
