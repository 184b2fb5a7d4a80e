// SPDX-License-Identifier: Apache-2.0
// ChunkedDecoder: takes the chunked coding (RFC 9112 section 7.1) apart, strictly: CRLF only,
// extensions and trailers bounded and ignored. Fed with any cut of the bytes. Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace skep::net {

class ChunkedDecoder {
 public:
  struct Step {
    size_t used = 0;        // bytes of the input that are done with, `data` among them
    std::string_view data;  // of a chunk; the input may hold more
  };

  // Goes on until there is data, the input ends or the body ends.
  Result<Step> Feed(std::string_view input);
  // Bytes still to come of the chunk that has begun; what is read straight into the body is told by
  // Took.
  uint64_t chunk_left() const { return state_ == State::kData ? left_ : 0; }
  void Took(uint64_t bytes);
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State {
    kSize,
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerStart,
    kTrailer,
    kTrailerLf,
    kEndLf,
    kDone
  };

  Status Take(char c);
  Status TakeSize(char c);

  State state_ = State::kSize;
  uint64_t left_ = 0;
  int digits_ = 0;
  size_t overhead_ = 0;  // bytes of extensions and trailers
};

}  // namespace skep::net
