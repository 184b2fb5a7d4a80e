// SPDX-License-Identifier: Apache-2.0
#include "fields/distinct_sketch.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace skep::fields {
namespace {

constexpr char kHashesMark = 'h';
constexpr char kRegistersMark = 'r';
constexpr char kZeroRegister = '0';  // the letters from here on stand for a register's 0 to 55
constexpr size_t kHashDigits = 16;

}  // namespace

bool DistinctSketch::Add(uint64_t hash) {
  if (!registers_.empty()) return AddToRegisters(hash);
  const auto at = std::lower_bound(hashes_.begin(), hashes_.end(), hash);
  if (at != hashes_.end() && *at == hash) return false;
  if (hashes_.size() < kHashesMax) {
    hashes_.insert(at, hash);
    return true;
  }
  registers_.assign(kRegisters, 0);
  for (const uint64_t known : hashes_) AddToRegisters(known);
  hashes_ = {};
  AddToRegisters(hash);
  return true;
}

bool DistinctSketch::AddToRegisters(uint64_t hash) {
  uint8_t& known = registers_[hash >> (64 - kIndexBits)];
  // The bits behind the index, with a one behind them so that there is always an end.
  const uint64_t rest = hash << kIndexBits | uint64_t{1} << (kIndexBits - 1);
  const auto rank = static_cast<uint8_t>(std::countl_zero(rest) + 1);
  if (rank <= known) return false;
  known = rank;
  return true;
}

// Flajolet et al., "HyperLogLog", 2007: the harmonic mean, and counting of empty registers below
// 2.5 for each register.
uint64_t DistinctSketch::Estimate() const {
  if (registers_.empty()) return hashes_.size();
  constexpr double kCount = kRegisters;
  double sum = 0;
  double empty = 0;
  for (const uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -rank);
    empty += rank == 0 ? 1 : 0;
  }
  double estimate = 0.7213 / (1 + 1.079 / kCount) * kCount * kCount / sum;
  if (estimate <= 2.5 * kCount && empty > 0) estimate = kCount * std::log(kCount / empty);
  return static_cast<uint64_t>(std::llround(estimate));
}

std::string DistinctSketch::Encode() const {
  std::string text;
  if (registers_.empty()) {
    text += kHashesMark;
    for (const uint64_t hash : hashes_) {
      for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[hash >> shift & 0xF];
    }
    return text;
  }
  text += kRegistersMark;
  for (const uint8_t rank : registers_) text += static_cast<char>(kZeroRegister + rank);
  return text;
}

Result<DistinctSketch> DistinctSketch::Decode(std::string_view text) {
  const Error damaged(Code::kDataLoss, "the catalog's sketch of a field is damaged");
  DistinctSketch sketch;
  if (text.empty()) return damaged;
  const char mark = text.front();
  text.remove_prefix(1);
  if (mark == kRegistersMark && text.size() == kRegisters) {
    for (const char letter : text) {
      const int rank = letter - kZeroRegister;
      if (rank < 0 || rank > 64 - kIndexBits + 1) return damaged;
      sketch.registers_.push_back(static_cast<uint8_t>(rank));
    }
    return sketch;
  }
  if (mark != kHashesMark || text.size() % kHashDigits != 0 ||
      text.size() > kHashesMax * kHashDigits)
    return damaged;
  for (; !text.empty(); text.remove_prefix(kHashDigits)) {
    uint64_t hash = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + kHashDigits, hash, 16);
    if (error != std::errc() || end != text.data() + kHashDigits) return damaged;
    sketch.Add(hash);
  }
  return sketch;
}

}  // namespace skep::fields
