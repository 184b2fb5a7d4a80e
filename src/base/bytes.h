// SPDX-License-Identifier: Apache-2.0
// Bytes: an owned, growable run of bytes on the heap. Unlike std::string it never moves its
// contents when it is moved, so views into it stay good as long as it lives, and growing does not
// write zeros. Thread-compatible.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace skep {

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::string_view copy) { Append(copy); }
  Bytes(Bytes&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Bytes& operator=(Bytes&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  char* data() { return data_.get(); }
  const char* data() const { return data_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data_.get(), size_}; }

  void Clear() { size_ = 0; }

  void Reserve(size_t capacity) {
    if (capacity <= capacity_) return;
    const size_t grown = std::max(capacity, capacity_ + capacity_ / 2);
    std::unique_ptr<char[]> bigger(new char[grown]);
    if (size_ != 0) std::memcpy(bigger.get(), data_.get(), size_);
    data_ = std::move(bigger);
    capacity_ = grown;
  }

  // Makes the size `size`; new bytes are not initialised.
  void ResizeUninitialized(size_t size) {
    Reserve(size);
    size_ = size;
  }

  void Append(std::string_view more) {
    if (more.empty()) return;
    Reserve(size_ + more.size());
    std::memcpy(data_.get() + size_, more.data(), more.size());
    size_ += more.size();
  }

  void PushBack(char c) {
    Reserve(size_ + 1);
    data_[size_++] = c;
  }

  template <typename T>
  void AppendRaw(const T& value) {
    Append({reinterpret_cast<const char*>(&value), sizeof(T)});
  }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace skep
