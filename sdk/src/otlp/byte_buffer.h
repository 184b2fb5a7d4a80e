// SPDX-License-Identifier: Apache-2.0
// ByteBuffer: bytes that grow in place and are written at their end without being cleared first.
// Out of memory is an answer, not an exception.
#pragma once

#include <cstdlib>
#include <string_view>
#include <utility>

namespace skep::sdk::otlp {

class ByteBuffer {
 public:
  ByteBuffer() = default;
  ~ByteBuffer() { std::free(data_); }
  ByteBuffer(ByteBuffer&& other) noexcept { *this = std::move(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }

  size_t Size() const { return size_; }
  size_t Capacity() const { return capacity_; }
  std::string_view View() const { return {data_, size_}; }
  char* End() { return data_ + size_; }
  // `end` is where writing from End() stopped.
  void SetEnd(const char* end) { size_ = static_cast<size_t>(end - data_); }

  bool SetCapacity(size_t capacity) {
    void* const grown = std::realloc(data_, capacity);
    if (grown == nullptr) return false;
    data_ = static_cast<char*>(grown);
    capacity_ = capacity;
    return true;
  }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace skep::sdk::otlp
