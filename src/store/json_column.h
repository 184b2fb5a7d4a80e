// SPDX-License-Identifier: Apache-2.0
// JsonColumn: the attributes of a Native block while it fills, in the engine's flattened form: per
// path one byte a row that says which type its value has, then the values of each type packed.
// Rows without a path cost it a byte, so what makes a block large is paths times rows too. Owned by
// a BlockBuilder; thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/value.h"

namespace skep {

class JsonColumn {
 public:
  // One path. Its address stays good until Clear.
  class Path {
   public:
    Path(std::string_view name, uint64_t hash) : name_(name), hash_(hash) {}
    bool HasRow(size_t row) const { return types_.size() > row; }
    // Rows come in order and each at most once.
    void Append(size_t row, const Value& value);

   private:
    friend class JsonColumn;
    static constexpr size_t kTypes = 4;
    static constexpr uint8_t kAbsent = 0xFF;

    void FillUpTo(size_t row);
    void EncodeTypes(Bytes* out) const;
    void EncodeRows(Bytes* out) const;

    std::string name_;
    uint64_t hash_;
    Bytes types_;                       // by row: ValueType or kAbsent; behind its end: absent
    std::array<Bytes, kTypes> values_;  // by ValueType
  };

  JsonColumn();
  Path* Find(std::string_view name);
  // Paths that have a value since Clear, or will have: those that Find was asked for.
  size_t paths() const { return used_; }
  // About what Encode writes for `rows` rows.
  size_t EncodedBytes(size_t rows) const;
  // Everything behind the column's head.
  void Encode(size_t rows, Bytes* out);
  // The paths of this block keep their buffers for the next one, which mostly has the same.
  void Clear();

 private:
  void MakeSlots(size_t size);

  std::vector<std::unique_ptr<Path>> paths_;
  std::vector<uint8_t> asked_;   // by path
  std::vector<uint32_t> slots_;  // open addressing: index + 1, 0 empty; size a power of two
  size_t used_ = 0;
};

}  // namespace skep
