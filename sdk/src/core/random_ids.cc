// SPDX-License-Identifier: Apache-2.0
#include "core/random_ids.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>

#include "core/fork.h"

namespace skep::sdk {
namespace {

constexpr uint32_t kNotSeeded = UINT32_MAX;

struct Generator {
  std::array<uint64_t, 4> state;
  uint32_t generation;
};
constinit thread_local Generator t_generator{{}, kNotSeeded};

void Seed(Generator& generator) {
  WatchForks();
  auto* bytes = reinterpret_cast<char*>(generator.state.data());
  size_t done = 0;
  while (done < sizeof(generator.state)) {
    const ssize_t got = getrandom(bytes + done, sizeof(generator.state) - done, GRND_NONBLOCK);
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  if (done < sizeof(generator.state)) {
    // Early in boot the kernel has no randomness yet and would make us wait: time, process and
    // thread tell ids apart as well.
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    generator.state[0] ^= static_cast<uint64_t>(now.tv_sec) * 1'000'000'007U;
    generator.state[1] ^= static_cast<uint64_t>(now.tv_nsec) * 0x9e3779b97f4a7c15U;
    generator.state[2] ^= static_cast<uint64_t>(getpid()) * 0xbf58476d1ce4e5b9U;
    generator.state[3] ^= reinterpret_cast<uintptr_t>(&generator) | 1U;
  }
  generator.generation = ForkGeneration();
}

void StoreBigEndian(uint8_t* to, uint64_t value) {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace

uint64_t RandomBits() {
  Generator& generator = t_generator;
  if (generator.generation != ForkGeneration()) Seed(generator);
  auto& s = generator.state;
  const uint64_t result = std::rotl(s[1] * 5, 7) * 9;
  const uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = std::rotl(s[3], 45);
  return result;
}

TraceId NewTraceId(int64_t unix_ns) {
  std::array<uint8_t, 16> bytes;
  const auto seconds = static_cast<uint64_t>(unix_ns < 0 ? 0 : unix_ns / 1'000'000'000);
  uint64_t low = RandomBits();
  while (low == 0) low = RandomBits();
  StoreBigEndian(bytes.data(), (seconds << 32U) | (RandomBits() >> 32U));
  StoreBigEndian(bytes.data() + 8, low);
  return TraceId(bytes);
}

SpanId NewSpanId() {
  std::array<uint8_t, 8> bytes;
  uint64_t bits = RandomBits();
  while (bits == 0) bits = RandomBits();
  StoreBigEndian(bytes.data(), bits);
  return SpanId(bytes);
}

}  // namespace skep::sdk
