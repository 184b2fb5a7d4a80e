// SPDX-License-Identifier: Apache-2.0
// Pieces of ClickHouse's Native format as they are written: variable length integers, texts, the
// head of a column. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace skep::native {

inline void AppendVarint(uint64_t value, Bytes* out) {
  while (value >= 0x80) {
    out->PushBack(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->PushBack(static_cast<char>(value));
}

inline void AppendText(std::string_view text, Bytes* out) {
  AppendVarint(text.size(), out);
  out->Append(text);
}

inline void AppendColumnHead(std::string_view name, std::string_view type, Bytes* out) {
  AppendText(name, out);
  AppendText(type, out);
}

}  // namespace skep::native
