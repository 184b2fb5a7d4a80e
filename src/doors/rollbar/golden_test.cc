// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/rollbar.
#include "doors/golden/suite.h"
#include "doors/rollbar/decode.h"
#include "doors/rollbar/door.h"

namespace skep::rollbar {
namespace {

// Small enough that cases can go over them.
Limits SmallLimits() {
  Limits limits;
  limits.body_bytes_max = 2048;
  limits.depth_max = 8;
  limits.attributes_per_record_max = 8;
  limits.keys_per_request_max = 16;
  limits.key_bytes_max = 24;
  limits.string_bytes_max = 512;
  return limits;
}

DecodeFunction Decoder(const Limits& limits) {
  return [limits](Bytes body, const DecodeContext& context) {
    return Decode(std::move(body), context, limits);
  };
}

golden::Harness MakeHarness() {
  golden::Harness harness;
  harness.formats["rollbar-item"] = Decoder(Limits());
  harness.formats["rollbar-item-small"] = Decoder(SmallLimits());
  harness.register_routes = [](net::Router& router, Sink& sink, Counters& counters) {
    Register(router, sink, counters);
  };
  return harness;
}

SKEP_GOLDEN_SUITE(Rollbar, "rollbar", MakeHarness);

}  // namespace
}  // namespace skep::rollbar
