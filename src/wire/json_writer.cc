// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>

#include "base/hex.h"
#include "wire/json.h"
#include "wire/utf8.h"

namespace skep {
namespace {

void AppendEscape(char c, std::string* out) {
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      break;
  }
  out->append("\\u00");
  out->push_back(kHexDigits[static_cast<uint8_t>(c) >> 4]);
  out->push_back(kHexDigits[static_cast<uint8_t>(c) & 15]);
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  size_t plain = 0;  // start of the run not yet copied
  size_t i = 0;
  const auto flush = [&] { out->append(text.substr(plain, i - plain)); };
  while (i < text.size()) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      ++i;
      continue;
    }
    if (c < 0x80) {
      flush();
      AppendEscape(text[i], out);
      plain = ++i;
      continue;
    }
    const size_t length = Utf8Length(text.substr(i));
    if (length != 0) {
      i += length;
      continue;
    }
    flush();
    out->append("\xEF\xBF\xBD");
    plain = ++i;
  }
  flush();
  out->push_back('"');
}

void JsonWriter::Separate() {
  if (need_comma_) out_.push_back(',');
  need_comma_ = true;
}

void JsonWriter::Open(char c) {
  Separate();
  out_.push_back(c);
  need_comma_ = false;
}

void JsonWriter::Close(char c) {
  out_.push_back(c);
  need_comma_ = true;
}

void JsonWriter::Key(std::string_view name) {
  Separate();
  AppendJsonString(name, &out_);
  out_.push_back(':');
  need_comma_ = false;
}

void JsonWriter::String(std::string_view text) {
  Separate();
  AppendJsonString(text, &out_);
}

void JsonWriter::Int(int64_t value) {
  Separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonWriter::UInt(uint64_t value) {
  Separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonWriter::Float(double value) {
  if (!std::isfinite(value)) return Null();
  Separate();
  char digits[40];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonWriter::Bool(bool value) {
  Separate();
  out_.append(value ? "true" : "false");
}

void JsonWriter::Null() {
  Separate();
  out_.append("null");
}

void JsonWriter::Raw(std::string_view json) {
  Separate();
  out_.append(json);
}

}  // namespace skep
