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

// Keys that say what they may do: `disabled` nothing, `reads` no sending, `ingest` only to `shop`.
DoorOptions WithKeys() {
  DoorOptions options;
  options.check_key = [](const std::string&, std::string_view key) -> Status {
    if (key == "disabled") return Error(Code::kUnauthenticated, "unknown");
    if (key == "reads") return Error(Code::kPermissionDenied, "may not send");
    if (key == "unknown today") return Error(Code::kInternal, "the catalog is gone");
    return {};
  };
  options.check_datasets = [](const std::string&, std::string_view key,
                              const RecordBatch& batch) -> Status {
    if (key != "ingest" || batch.records()[0].dataset == "shop") return {};
    return Error(Code::kNotFound, "Dataset not found");
  };
  return options;
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
    Register(router, sink, counters, WithKeys());
  };
  return harness;
}

SKEP_GOLDEN_SUITE(Otlp, "otlp", MakeHarness);

}  // namespace
}  // namespace skep::otlp
