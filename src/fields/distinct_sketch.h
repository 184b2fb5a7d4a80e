// SPDX-License-Identifier: Apache-2.0
// DistinctSketch: roughly how many different values were seen. The hashes themselves while there
// are few, so that small numbers are exact; then HyperLogLog with 1,024 registers, within about
// 3 %. At most 1 KB. Adding what is in changes nothing. A value; thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace skep::fields {

class DistinctSketch {
 public:
  // True if that changed anything.
  bool Add(uint64_t hash);
  uint64_t Estimate() const;

  // As printable text, and back.
  std::string Encode() const;
  static Result<DistinctSketch> Decode(std::string_view text);

 private:
  static constexpr int kIndexBits = 10;
  static constexpr size_t kRegisters = 1u << kIndexBits;
  static constexpr size_t kHashesMax = kRegisters / sizeof(uint64_t);

  bool AddToRegisters(uint64_t hash);

  std::vector<uint64_t> hashes_;    // sorted; empty once there are registers
  std::vector<uint8_t> registers_;  // none, or kRegisters
};

}  // namespace skep::fields
