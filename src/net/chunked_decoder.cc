// SPDX-License-Identifier: Apache-2.0
#include "net/chunked_decoder.h"

#include <algorithm>

#include "base/check.h"
#include "base/hex.h"

namespace skep::net {
namespace {

constexpr int kDigitsMax = 15;  // of a chunk's size; keeps it below 2^60
constexpr size_t kOverheadMax = 16u << 10;

Error Bad() { return {Code::kInvalidArgument, "the chunked body is malformed"}; }

bool IsText(char c) { return c == '\t' || static_cast<unsigned char>(c) >= ' '; }

}  // namespace

Result<ChunkedDecoder::Step> ChunkedDecoder::Feed(std::string_view input) {
  Step step;
  while (step.used < input.size() && state_ != State::kDone) {
    if (state_ == State::kData) {
      const size_t size = static_cast<size_t>(std::min<uint64_t>(left_, input.size() - step.used));
      step.data = input.substr(step.used, size);
      step.used += size;
      Took(size);
      return step;
    }
    SKEP_TRY(Take(input[step.used]));
    ++step.used;
  }
  return step;
}

void ChunkedDecoder::Took(uint64_t bytes) {
  SKEP_CHECK(state_ == State::kData && bytes <= left_);
  left_ -= bytes;
  if (left_ == 0) state_ = State::kDataCr;
}

Status ChunkedDecoder::TakeSize(char c) {
  if (const int digit = HexDigit(c); digit >= 0) {
    if (++digits_ > kDigitsMax) return Bad();
    left_ = left_ << 4 | static_cast<uint64_t>(digit);
    return {};
  }
  if (digits_ == 0) return Bad();
  if (c == '\r') {
    state_ = State::kSizeLf;
    return {};
  }
  if (c != ';' && c != ' ' && c != '\t') return Bad();
  state_ = State::kExtension;
  return {};
}

Status ChunkedDecoder::Take(char c) {
  const auto expect = [&](char wanted, State next) -> Status {
    if (c != wanted) return Bad();
    state_ = next;
    return {};
  };
  switch (state_) {
    case State::kSize:
      return TakeSize(c);
    case State::kSizeLf:
      digits_ = 0;
      return expect('\n', left_ == 0 ? State::kTrailerStart : State::kData);
    case State::kDataCr:
      return expect('\r', State::kDataLf);
    case State::kDataLf:
      return expect('\n', State::kSize);
    case State::kExtension:
    case State::kTrailer:
      if (c == '\r')
        return expect('\r', state_ == State::kTrailer ? State::kTrailerLf : State::kSizeLf);
      if (!IsText(c) || ++overhead_ > kOverheadMax) return Bad();
      return {};
    case State::kTrailerStart:
      if (c == '\r') return expect('\r', State::kEndLf);
      if (!IsText(c) || c == ' ' || c == '\t' || c == ':') return Bad();
      state_ = State::kTrailer;
      return {};
    case State::kTrailerLf:
      return expect('\n', State::kTrailerStart);
    case State::kEndLf:
      return expect('\n', State::kDone);
    case State::kData:
    case State::kDone:
      break;
  }
  return Bad();
}

}  // namespace skep::net
