// SPDX-License-Identifier: Apache-2.0
// Value: what X-Ray's metadata may hold: any JSON. It is kept as its JSON text, so that its size is
// known when it is recorded and nothing is walked again when it is sent. A value; the same const
// object may be read by many threads.
//
//   segment->PutMetadata("results", 3);
//   segment->PutMetadata("user", Value::Object({{"handle", "andrew"}, {"roles", Value::Array({"a",
//   "b"})}})); segment->PutMetadata("sizes", std::map<std::string, int>{{"home", 12}}); if (auto
//   value = Value::FromJson(text)) segment->PutMetadata("raw", *value);
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace skep::sdk::xray {

class Value;
using Member = std::pair<std::string_view, Value>;

namespace detail {
void AppendQuoted(std::string& out, std::string_view text);
template <typename T>
concept Text = std::convertible_to<const T&, std::string_view>;
template <typename R>
concept Dictionary =
    std::ranges::input_range<R> && requires(std::ranges::range_reference_t<R> entry) {
      { entry.first } -> std::convertible_to<std::string_view>;
      { entry.second } -> std::convertible_to<Value>;
    };
}  // namespace detail

class Value {
 public:
  // NOLINTBEGIN(google-explicit-constructor): PutMetadata("k", 5) is how it is meant to be used.
  Value(std::nullptr_t = nullptr) : json_("null") {}
  template <std::same_as<bool> T>
  Value(T value) : json_(value ? "true" : "false") {}
  template <std::integral T>
    requires(!std::is_same_v<T, bool>)
  Value(T value) : json_(std::to_string(value)) {}
  // JSON has no NaN and no infinity: they become null.
  template <std::floating_point T>
  Value(T value) : json_(Number(static_cast<double>(value))) {}
  // Bytes that are no UTF-8 become U+FFFD.
  template <detail::Text T>
  Value(const T& text) {
    detail::AppendQuoted(json_, text);
  }
  // Maps and lists of anything that is a Value itself.
  template <std::ranges::input_range R>
    requires(!detail::Text<R> && !std::same_as<std::remove_cvref_t<R>, Value>)
  Value(const R& range) {
    json_ = detail::Dictionary<const R> ? "{" : "[";
    for (const auto& entry : range) AddEntry(entry);
    json_ += detail::Dictionary<const R> ? '}' : ']';
  }
  // NOLINTEND(google-explicit-constructor)

  static Value Object(std::initializer_list<Member> members);
  static Value Array(std::initializer_list<Value> values);
  // Nothing if `text` is not one JSON value, or nested more than 64 deep.
  static std::optional<Value> FromJson(std::string_view text);

  const std::string& Json() const { return json_; }
  bool operator==(const Value&) const = default;

 private:
  static std::string Number(double value);
  template <typename T>
  void AddEntry(const T& entry) {
    if (json_.size() > 1) json_ += ',';
    if constexpr (requires { entry.first; }) {
      detail::AppendQuoted(json_, entry.first);
      json_ += ':';
      json_ += Value(entry.second).json_;
    } else {
      json_ += Value(entry).json_;
    }
  }
  std::string json_;
};

}  // namespace skep::sdk::xray
