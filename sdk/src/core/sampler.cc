// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/sampler.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "core/trace_state.h"

namespace skep::sdk {
namespace {

constexpr uint64_t kRandomValues = uint64_t{1} << 56U;
constexpr size_t kDigits = 14;            // of 56 bits
constexpr size_t kSignificantDigits = 4;  // that a threshold is written with

std::string StateOf(const SamplingRequest& request) {
  return request.parent == nullptr ? std::string() : request.parent->trace_state;
}

class Always final : public Sampler {
 public:
  explicit Always(bool sampled) : sampled_(sampled) {}
  SamplingResult ShouldSample(const SamplingRequest& request) override {
    return {sampled_, StateOf(request)};
  }

 private:
  const bool sampled_;
};

class ParentBased final : public Sampler {
 public:
  explicit ParentBased(std::shared_ptr<Sampler> root) : root_(std::move(root)) {}
  SamplingResult ShouldSample(const SamplingRequest& request) override {
    if (request.parent == nullptr || request.parent->deferred) return root_->ShouldSample(request);
    return {request.parent->sampled, request.parent->trace_state};
  }

 private:
  std::shared_ptr<Sampler> root_;  // shared with who configured it
};

std::string Hex56(uint64_t value) {
  std::string text(kDigits, '0');
  for (size_t i = kDigits; i-- > 0; value >>= 4U) text[i] = "0123456789abcdef"[value & 15U];
  return text;
}

std::optional<uint64_t> ReadHex56(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != kDigits || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

uint64_t LowBits(const TraceId& id) {
  uint64_t value = 0;
  for (size_t i = 9; i < 16; ++i) value = value << 8U | id.Bytes()[i];
  return value;
}

// The threshold below which random values are rejected, rounded to what is written of it.
uint64_t ThresholdOf(double ratio) {
  const double rejected = (1.0 - ratio) * static_cast<double>(kRandomValues);
  auto threshold = static_cast<uint64_t>(std::llround(rejected));
  threshold = std::min(threshold, kRandomValues - 1);
  // The fewer are kept, the more leading f: they say nothing of how many.
  size_t digits = kSignificantDigits;
  for (const char c : Hex56(threshold)) {
    if (c != 'f') break;
    ++digits;
  }
  if (digits >= kDigits) return threshold;
  const uint64_t unit = uint64_t{1} << (4 * (kDigits - digits));
  return std::min((threshold + unit / 2) / unit * unit, kRandomValues - unit);
}

class TraceIdRatio final : public Sampler {
 public:
  explicit TraceIdRatio(double ratio) : threshold_(ThresholdOf(ratio)), text_(Hex56(threshold_)) {
    text_.resize(text_.find_last_not_of('0') + 1);
    if (text_.empty()) text_ = "0";
  }
  SamplingResult ShouldSample(const SamplingRequest& request) override {
    const std::string_view state =
        request.parent == nullptr ? std::string_view() : request.parent->trace_state;
    const uint64_t random = ReadHex56(OtField(state, "rv")).value_or(LowBits(request.trace_id));
    const bool sampled = random >= threshold_;
    return {sampled, WithThreshold(state, sampled ? text_ : std::string_view())};
  }

 private:
  const uint64_t threshold_;
  std::string text_;  // as `th` has it: without trailing zeros
};

}  // namespace

std::shared_ptr<Sampler> AlwaysOnSampler() { return std::make_shared<Always>(true); }

std::shared_ptr<Sampler> AlwaysOffSampler() { return std::make_shared<Always>(false); }

std::shared_ptr<Sampler> TraceIdRatioSampler(double ratio) {
  if (!(ratio >= 1.0 / static_cast<double>(kRandomValues))) return AlwaysOffSampler();
  return std::make_shared<TraceIdRatio>(std::min(ratio, 1.0));
}

std::shared_ptr<Sampler> ParentBasedSampler(std::shared_ptr<Sampler> root) {
  return std::make_shared<ParentBased>(root != nullptr ? std::move(root) : AlwaysOnSampler());
}

}  // namespace skep::sdk
