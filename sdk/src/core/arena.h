// SPDX-License-Identifier: Apache-2.0
// Arena: where a span keeps its texts and arrays: they never move until Reset. The first bytes are
// part of the object, so that a usual span needs no memory of its own. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace skep::sdk {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  std::string_view Copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = Take(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  template <typename T>
  std::span<T> Array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlign);
    if (count == 0) return {};
    next_ += (kAlign - reinterpret_cast<uintptr_t>(next_) % kAlign) % kAlign;
    char* to = Take(count * sizeof(T));
    return {reinterpret_cast<T*>(to), count};
  }

  // Forgets everything; keeps one chunk of usual size for the next time.
  void Reset();
  // Bytes taken from the system besides the object itself.
  size_t HeapBytes() const { return heap_bytes_; }

 private:
  static constexpr size_t kAlign = 8;
  static constexpr size_t kInline = 640;
  static constexpr size_t kFirstChunk = 4096;
  static constexpr size_t kLargestChunk = 64 * 1024;

  char* Take(size_t bytes) {
    if (static_cast<size_t>(end_ - next_) < bytes || next_ > end_) return TakeFromNewChunk(bytes);
    char* taken = next_;
    next_ += bytes;
    return taken;
  }
  char* TakeFromNewChunk(size_t bytes);

  char* next_ = inline_;
  char* end_ = inline_ + kInline;
  size_t heap_bytes_ = 0;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::unique_ptr<char[]> spare_;  // of kFirstChunk bytes
  alignas(kAlign) char inline_[kInline];
};

}  // namespace skep::sdk
