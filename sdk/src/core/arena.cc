// SPDX-License-Identifier: Apache-2.0
#include "core/arena.h"

#include <algorithm>

namespace skep::sdk {

char* Arena::TakeFromNewChunk(size_t bytes) {
  chunks_.reserve(chunks_.size() + 1);
  if (chunks_.empty() && spare_ != nullptr && bytes <= kFirstChunk) {
    chunks_.push_back(std::move(spare_));
    heap_bytes_ = kFirstChunk;
    next_ = chunks_.back().get();
    end_ = next_ + kFirstChunk;
  } else {
    const size_t grown = std::clamp(heap_bytes_, kFirstChunk, kLargestChunk);
    // What is large gets a chunk of its own and leaves the open one open.
    const bool alone = bytes > grown / 2 && end_ - next_ > 256;
    const size_t size = alone ? bytes : std::max(bytes, grown);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    heap_bytes_ += size;
    if (alone) return chunks_.back().get();
    next_ = chunks_.back().get();
    end_ = next_ + size;
  }
  char* taken = next_;
  next_ += bytes;
  return taken;
}

void Arena::Reset() {
  if (!chunks_.empty()) {
    if (spare_ == nullptr && heap_bytes_ == kFirstChunk) spare_ = std::move(chunks_.front());
    chunks_.clear();
    if (chunks_.capacity() > 16) chunks_.shrink_to_fit();
    heap_bytes_ = 0;
  }
  next_ = inline_;
  end_ = inline_ + kInline;
}

}  // namespace skep::sdk
