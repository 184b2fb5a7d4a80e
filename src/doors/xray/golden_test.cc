// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/xray. Cases may name what came by datagram, or the body of PutTraceSegments;
// `xray-datagram` is one datagram without its length, for cases that people write.
#include "doors/golden/suite.h"
#include "doors/xray/decode.h"
#include "doors/xray/door.h"

namespace skep::xray {
namespace {

// Small enough that cases can go over them.
Limits SmallLimits() {
  Limits limits;
  limits.records_max = 4;
  limits.attributes_per_record_max = 4;
  limits.attributes_per_request_max = 64;
  limits.keys_per_request_max = 24;
  limits.key_bytes_max = 24;
  limits.string_bytes_max = 64;
  return limits;
}

golden::Harness MakeHarness() {
  golden::Harness harness;
  for (const auto& [suffix, limits] :
       {std::pair<std::string, Limits>{"", Limits()}, {"-small", SmallLimits()}}) {
    harness.formats["xray-datagrams" + suffix] = [l = limits](Bytes body, const DecodeContext&) {
      return DecodeDatagrams(std::move(body), l);
    };
    harness.formats["xray-datagram" + suffix] = [l = limits](const Bytes& datagram,
                                                             const DecodeContext&) {
      Bytes body;
      AppendDatagram(datagram.view(), &body);
      return DecodeDatagrams(std::move(body), l);
    };
    harness.formats["xray-put-segments" + suffix] = [l = limits](Bytes body, const DecodeContext&) {
      return DecodePutSegments(std::move(body), l, nullptr);
    };
  }
  harness.register_routes = [](net::Router& router, Sink& sink, Counters& counters) {
    Register(router, sink, counters);
  };
  return harness;
}

SKEP_GOLDEN_SUITE(XRay, "xray", MakeHarness);

}  // namespace
}  // namespace skep::xray
