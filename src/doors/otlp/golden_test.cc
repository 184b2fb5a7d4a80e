// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/otlp. The pattern for other doors: a Harness, and one test over its cases.
#include "doors/golden/suite.h"
#include "doors/otlp/decode.h"
#include "doors/otlp/door.h"

namespace skep::otlp {
namespace {

// Small enough that cases can go over them.
Limits SmallLimits() {
  Limits limits;
  limits.body_bytes_max = 4096;
  limits.depth_max = 8;
  limits.records_max = 8;
  limits.attributes_per_record_max = 8;
  limits.attributes_per_request_max = 32;
  limits.keys_per_request_max = 16;
  limits.key_bytes_max = 16;
  limits.string_bytes_max = 64;
  return limits;
}

golden::Harness MakeHarness() {
  golden::Harness harness;
  const std::pair<std::string, SignalType> signals[] = {{"otlp-traces", SignalType::kTraces},
                                                        {"otlp-logs", SignalType::kLogs},
                                                        {"otlp-metrics", SignalType::kMetrics}};
  const std::pair<std::string, Encoding> encodings[] = {{"-protobuf", Encoding::kProtobuf},
                                                        {"-json", Encoding::kJson}};
  for (const auto& [name, signal] : signals) {
    for (const auto& [suffix, encoding] : encodings) {
      const auto decoder = [s = signal, e = encoding](const Limits& limits) {
        return [s, e, limits](Bytes body, const DecodeContext& context) {
          return Decode(s, e, std::move(body), context, limits);
        };
      };
      harness.formats[name + suffix] = decoder(Limits());
      harness.formats[name + suffix + "-small"] = decoder(SmallLimits());
    }
  }
  harness.register_routes = [](net::Router& router, Sink& sink, Counters& counters) {
    Register(router, sink, counters);
  };
  return harness;
}

SKEP_GOLDEN_SUITE(Otlp, "otlp", MakeHarness);

}  // namespace
}  // namespace skep::otlp
