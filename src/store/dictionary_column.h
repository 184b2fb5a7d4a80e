// SPDX-License-Identifier: Apache-2.0
// DictionaryColumn: a LowCardinality(String) column of a Native block while it fills: each distinct
// text once, and per row its number. Texts repeat in runs, so the last one is looked at first.
// Thread-compatible.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace skep {

class DictionaryColumn {
 public:
  DictionaryColumn() { Clear(); }

  void Append(std::string_view text) {
    if (last_ == kNone || Text(last_) != text) last_ = Find(text);
    rows_.push_back(last_);
  }
  size_t bytes() const { return texts_.size() + rows_.size() * sizeof(uint32_t); }
  // Everything behind the column's head.
  void Encode(Bytes* out) const;
  void Clear();

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  std::string_view Text(uint32_t number) const {
    const size_t begin = number == 0 ? 0 : ends_[number - 1];
    return texts_.view().substr(begin, ends_[number] - begin);
  }
  uint32_t Find(std::string_view text);
  void Grow();

  Bytes texts_;
  std::vector<size_t> ends_;  // of each distinct text in texts_
  std::vector<uint64_t> hashes_;
  std::vector<uint32_t> slots_;  // open addressing: number + 1, 0 empty; size a power of two
  std::vector<uint32_t> rows_;
  uint32_t last_ = kNone;
};

}  // namespace skep
