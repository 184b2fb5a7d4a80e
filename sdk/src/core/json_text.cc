// SPDX-License-Identifier: Apache-2.0
#include "core/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

namespace skep::sdk {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

uint8_t ByteAt(std::string_view text, size_t i) { return static_cast<uint8_t>(text[i]); }

bool Continues(std::string_view text, size_t i) {
  return i < text.size() && (ByteAt(text, i) & 0xC0) == 0x80;
}

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<uint8_t>(c) >= 0x20) {
    out += c;
    return;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u00";
  out += kHex[static_cast<uint8_t>(c) >> 4];
  out += kHex[static_cast<uint8_t>(c) & 15];
}

template <typename T>
void AppendArray(std::string& out, const T& values) {
  out += '[';
  bool first = true;
  for (const auto& value : values) {
    if (!first) out += ',';
    first = false;
    AppendJson(out, AttributeValue(value));
  }
  out += ']';
}

}  // namespace

size_t CharacterBytes(std::string_view text) {
  if (text.empty()) return 0;
  const uint8_t first = ByteAt(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !Continues(text, 1)) return 0;
  const uint8_t second = ByteAt(text, 1);
  if (first < 0xE0) return 2;
  if (!Continues(text, 2)) return 0;
  if (first < 0xF0) {
    const bool too_long = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return too_long || surrogate ? 0 : 3;
  }
  if (!Continues(text, 3)) return 0;
  const bool too_long = first == 0xF0 && second < 0x90;
  const bool too_high = first == 0xF4 && second >= 0x90;
  return too_long || too_high ? 0 : 4;
}

std::string CleanUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    if (bytes == 0) {
      out += kReplacement;
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(std::max<size_t>(bytes, 1));
  }
  return out;
}

std::string_view FrontOf(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  // Characters have at most three bytes after their first; more of them is no UTF-8.
  while (end > 0 && bytes_max - end < 3 && (ByteAt(text, end) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    if (bytes == 1) {
      AppendEscaped(out, text[0]);
    } else if (bytes == 0) {
      out += kReplacement;
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(std::max<size_t>(bytes, 1));
  }
  out += '"';
}

void AppendJsonNumber(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  out.append(text, error == std::errc() ? end : text);
}

void AppendJson(std::string& out, const AttributeValue& value) {
  std::visit(
      [&out](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>) {
          out += v ? "true" : "false";
        } else if constexpr (std::is_same_v<T, int64_t>) {
          out += std::to_string(v);
        } else if constexpr (std::is_same_v<T, double>) {
          AppendJsonNumber(out, v);
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          AppendJsonString(out, v);
        } else {
          AppendArray(out, v);
        }
      },
      value.Get());
}

}  // namespace skep::sdk
