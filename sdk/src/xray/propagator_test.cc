// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "skep/sdk/propagation.h"
#include "skep/sdk/span.h"

namespace skep::sdk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Headers = std::map<std::string, std::string>;

Context Extract(const Propagator& propagator, const Headers& headers) {
  return propagator.Extract(Context(), [&headers](std::string_view name) {
    const auto found = headers.find(std::string(name));
    return found == headers.end() ? std::nullopt : std::optional(found->second);
  });
}

Headers Injected(const Propagator& propagator, const Context& context) {
  Headers headers;
  propagator.Inject(context, [&headers](std::string_view name, std::string_view value) {
    headers[std::string(name)] = value;
  });
  return headers;
}

constexpr char kHeader[] = "x-amzn-trace-id";
constexpr char kRoot[] = "Root=1-5759e988-bd862e3fe1be46a994272793";
const std::string kWhole = std::string(kRoot) + ";Parent=53995c3f42cd8ad8;Sampled=1";

TEST(XrayPropagator, Headers) {
  struct Case {
    std::string header;
    std::string span_id;  // empty: none
    bool sampled;
    bool deferred;
    std::string injected;  // with the span itself as the caller's; empty: nothing
  };
  const std::string root = kRoot;
  const std::string parent = ";Parent=53995c3f42cd8ad8";
  for (const Case& c : std::initializer_list<Case>{
           {kWhole, "53995c3f42cd8ad8", true, false, kWhole},
           {root + parent + ";Sampled=0", "53995c3f42cd8ad8", false, false,
            root + parent + ";Sampled=0"},
           {root + parent + ";Sampled=?", "53995c3f42cd8ad8", false, true,
            root + parent + ";Sampled=?"},
           {root + parent, "53995c3f42cd8ad8", false, true, root + parent + ";Sampled=?"},
           {"Sampled=1" + parent + ";" + root, "53995c3f42cd8ad8", true, false, kWhole},
           {" Sampled = 1 ; Parent = 53995c3f42cd8ad8 ; " + root + " ;", "53995c3f42cd8ad8", true,
            false, kWhole},
           {"Self=1-67891234-12456789abcdef012345678;" + kWhole, "53995c3f42cd8ad8", true, false,
            kWhole},
           {kWhole + ";Lineage=1:a87bd80c:0", "53995c3f42cd8ad8", true, false,
            kWhole + ";Lineage=1:a87bd80c:0"},
           {root, "", false, true, ""},
           {root + ";Parent=nonsense;Sampled=1", "", true, false, ""},
       }) {
    const auto propagator = XrayPropagator();
    const Context context = Extract(*propagator, {{kHeader, c.header}});
    const SpanContext caller = context.GetSpan().GetContext();
    EXPECT_EQ(caller.trace_id.Xray(), "1-5759e988-bd862e3fe1be46a994272793") << c.header;
    EXPECT_EQ(caller.span_id.IsValid() ? caller.span_id.Hex() : "", c.span_id) << c.header;
    EXPECT_EQ(caller.sampled, c.sampled) << c.header;
    EXPECT_EQ(caller.deferred, c.deferred) << c.header;
    EXPECT_TRUE(caller.remote);
    if (c.injected.empty()) {
      EXPECT_THAT(Injected(*propagator, context), IsEmpty()) << c.header;
    } else {
      EXPECT_THAT(Injected(*propagator, context), ElementsAre(Pair(kHeader, c.injected)));
    }
  }
}

TEST(XrayPropagator, WithoutATraceNothing) {
  for (const char* header :
       {"", ";", "=", "Root=", "Root=1-5759e988-bd862e3fe1be46a99427279", "Parent=53995c3f42cd8ad8",
        "Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8;Sampled=1",
        "root=1-5759e988-bd862e3fe1be46a994272793", "Root=5759e988bd862e3fe1be46a994272793"}) {
    EXPECT_FALSE(
        Extract(*XrayPropagator(), {{kHeader, header}}).GetSpan().GetContext().trace_id.IsValid())
        << header;
  }
  EXPECT_THAT(Injected(*XrayPropagator(), Context()), IsEmpty());
}

TEST(CompositePropagator, TheFirstThatFindsASpanGivesIt) {
  const std::string traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto w3c_first =
      CompositePropagator({TraceContextPropagator(), XrayPropagator(), BaggagePropagator()});
  const auto xray_first = CompositePropagator({XrayPropagator(), TraceContextPropagator()});
  const auto span_of = [](const Propagator& propagator, const Headers& headers) {
    const SpanContext context = Extract(propagator, headers).GetSpan().GetContext();
    return (context.trace_id.IsValid() ? context.trace_id.Hex().substr(0, 4) : "none") + "/" +
           (context.span_id.IsValid() ? context.span_id.Hex().substr(0, 4) : "none");
  };
  const Headers both{{"traceparent", traceparent}, {kHeader, kWhole}, {"baggage", "a=1"}};
  EXPECT_EQ(span_of(*w3c_first, both), "4bf9/00f0");
  EXPECT_EQ(span_of(*xray_first, both), "5759/5399");
  EXPECT_EQ(GetBaggage(Extract(*w3c_first, both)), (Baggage{{"a", "1"}}));
  EXPECT_EQ(span_of(*w3c_first, {{"traceparent", "nonsense"}, {kHeader, kWhole}}), "5759/5399");
  // A load balancer's trace without a span gives way to a caller's span, whatever the order.
  const Headers balancer{{"traceparent", traceparent}, {kHeader, kRoot}};
  EXPECT_EQ(span_of(*w3c_first, balancer), "4bf9/00f0");
  EXPECT_EQ(span_of(*xray_first, balancer), "4bf9/00f0");
  EXPECT_EQ(span_of(*w3c_first, {{kHeader, kRoot}}), "5759/none");
  EXPECT_EQ(span_of(*xray_first, {}), "none/none");
  const Headers injected = Injected(*xray_first, Extract(*xray_first, both));
  EXPECT_THAT(injected, ElementsAre(Pair("traceparent",
                                         "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"),
                                    Pair(kHeader, kWhole)));
}

}  // namespace
}  // namespace skep::sdk
