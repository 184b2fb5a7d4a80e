// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/trace_header.h"

#include <algorithm>

#include "core/header_text.h"

namespace skep::sdk::xray {
namespace {

constexpr size_t kRestBytesMax = 256;

// What a program may not be made to write into a header of its own.
bool IsHeaderText(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

void AddField(TraceHeader& header, std::string_view key, std::string_view value) {
  if (key == "Root") {
    header.root = TraceId::FromXray(value);
  } else if (key == "Parent") {
    header.parent = SpanId::FromHex(value);
  } else if (key == "Sampled") {
    header.decision = value == "1"   ? TraceHeader::Decision::kSampled
                      : value == "0" ? TraceHeader::Decision::kNotSampled
                      : value == "?" ? TraceHeader::Decision::kRequested
                                     : TraceHeader::Decision::kAbsent;
  } else if (key != "Self" && !key.empty() && IsHeaderText(key) && IsHeaderText(value) &&
             header.rest.size() + key.size() + value.size() + 2 <= kRestBytesMax) {
    if (!header.rest.empty()) header.rest += ';';
    header.rest.append(key).append("=").append(value);
  }
}

}  // namespace

TraceHeader TraceHeader::Parse(std::string_view text) {
  TraceHeader header;
  while (!text.empty()) {
    const size_t end = text.find(';');
    const std::string_view field = TrimBlanks(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const size_t equals = field.find('=');
    if (equals == std::string_view::npos) continue;
    AddField(header, TrimBlanks(field.substr(0, equals)), TrimBlanks(field.substr(equals + 1)));
  }
  if (!header.root) header.parent.reset();  // a parent is one only within its trace
  return header;
}

std::string TraceHeader::Text() const {
  std::string text;
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!text.empty()) text += ';';
    text.append(key).append(value);
  };
  if (root) add("Root=", root->Xray());
  if (parent) add("Parent=", parent->Hex());
  if (decision == Decision::kSampled) add("Sampled=", "1");
  if (decision == Decision::kNotSampled) add("Sampled=", "0");
  if (decision == Decision::kRequested) add("Sampled=", "?");
  if (!rest.empty()) add(rest, "");
  return text;
}

}  // namespace skep::sdk::xray
