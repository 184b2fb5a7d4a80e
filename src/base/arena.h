// SPDX-License-Identifier: Apache-2.0
// Arena: memory for many small strings that live and die together. Views into it stay good until it
// is destroyed, also when it is moved. Thread-compatible.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace skep {

class Arena {
 public:
  // Uninitialised room for `size` bytes.
  char* Allocate(size_t size) {
    if (size > left_) Grow(size);
    char* at = next_;
    next_ += size;
    left_ -= size;
    return at;
  }

  std::string_view Copy(std::string_view text) {
    if (text.empty()) return {};
    char* at = Allocate(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  std::string_view Concat(std::string_view a, std::string_view b) {
    char* at = Allocate(a.size() + b.size());
    if (!a.empty()) std::memcpy(at, a.data(), a.size());
    if (!b.empty()) std::memcpy(at + a.size(), b.data(), b.size());
    return {at, a.size() + b.size()};
  }

  size_t allocated() const { return allocated_; }

 private:
  void Grow(size_t size) {
    const size_t chunk = std::max<size_t>(
        size,
        std::min<size_t>(size_t{4096} << std::min<size_t>(chunks_.size(), 8), size_t{1} << 20));
    chunks_.emplace_back(new char[chunk]);
    next_ = chunks_.back().get();
    left_ = chunk;
    allocated_ += chunk;
  }

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t allocated_ = 0;
};

}  // namespace skep
