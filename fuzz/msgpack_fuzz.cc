// SPDX-License-Identifier: Apache-2.0
// What the tape says of a value lies inside of it: texts within the bytes, containers one within
// the other. link: wire
#include "base/check.h"
#include "wire/msgpack.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using skep::MsgpackTape;
  MsgpackTape tape;
  const bool good = tape.Parse({reinterpret_cast<const char*>(data), size}, 16);
  SKEP_CHECK(good == !tape.tokens().empty());
  const auto count = static_cast<uint32_t>(tape.tokens().size());
  SKEP_CHECK(count <= size && (!good || tape.tokens()[0].next == count));
  for (uint32_t i = 0; i < count; ++i) {
    const MsgpackTape::Token& token = tape.tokens()[i];
    SKEP_CHECK(token.next > i && token.next <= count);
    SKEP_CHECK(token.begin <= token.end && token.end <= size);
    if (token.type != MsgpackTape::Type::kMap) continue;
    uint32_t at = i + 1;
    while (at < token.next) {
      SKEP_CHECK(tape.tokens()[at].type == MsgpackTape::Type::kString);
      at = tape.tokens()[at + 1].next;
    }
    SKEP_CHECK(at == token.next);
  }
  return 0;
}
