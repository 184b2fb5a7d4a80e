// SPDX-License-Identifier: Apache-2.0
#include "model/carried_ids.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace skep {
namespace {

#define T "4bf92f3577b34da6a3ce929d0e0e4736"
#define U "5759e988bd862e3fe1be46a994272793"
#define S "00f067aa0ba902b7"
#define X "1-5759e988-bd862e3fe1be46a994272793"

std::string Spell(const CarriedIds& ids) {
  if (ids.trace_id.empty()) return ids.span_id.empty() ? "" : "a span without a trace";
  return ids.trace_id.Hex() + (ids.span_id.empty() ? "" : "/" + ids.span_id.Hex());
}

TEST(CarriedIdsTest, InText) {
  const std::pair<std::string, std::string> cases[] = {
      // As programs write them.
      {"HomeActivities trace_id=" T " span_id=" S, T "/" S},
      {"trace_id=" T, T},
      {"[trace_id=" T " span_id=" S " resource.service.name=shop trace_sampled=True] hi", T "/" S},
      {"{\"traceId\":\"" T "\",\"spanId\": \"" S "\"}", T "/" S},
      {"{\\\"trace_id\\\": \\\"" T "\\\"}", T},
      {"traceID: " T ", spanID: " S, T "/" S},
      {"'trace.id': '" T "'", T},
      {"\"trace_id\"=>\"" T "\"", T},
      {"TRACE_ID = 4BF92F3577B34DA6A3CE929D0E0E4736", T},
      {"otelTraceID=" T " otelSpanID=" S, T "/" S},
      {"x-trace-id: " T, T},
      {"headers traceparent=00-" T "-" S "-01 end", T "/" S},
      {"00-" T "-" S "-00", T "/" S},
      {"START X-Amzn-Trace-Id: Root=" X ";Parent=53995c3f42cd8ad8;Sampled=1",
       U "/53995c3f42cd8ad8"},
      {"AWS-XRAY-TRACE-ID: " X "@1ce7df03252d99e1", U "/1ce7df03252d99e1"},
      {"XRAY TraceId: " X " SegmentId: 07f022aa0ba902b7 Sampled: true", U "/07f022aa0ba902b7"},
      {"Self=1-67891234-12456789abcdef0123456789;Root=" X, U},
      {"(" X ")", U},
      // A named one first, then a traceparent, then X-Ray's.
      {"trace_id=" T " Root=" X ";Parent=53995c3f42cd8ad8", T},
      {"Root=" X " traceparent 00-" T "-" S "-01", T "/" S},
      // The same twice is one.
      {"trace_id=" T " traceId=" T, T},
      // Behind things that look like it.
      {"commit " U " trace_id=" T, T},
      {"deadbeefdeadbeefdeadbeefdeadbeefdeadbeef trace_id=" T, T},
      {std::string(500, 'a') + " trace_id=" T, T},
      {std::string(501, 'f') + " trace_id=" T + std::string(31, ' '), T},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(Spell(FindCarriedIds(text)), expected) << text;
}

TEST(CarriedIdsTest, NotInText) {
  const std::string cases[] = {
      "",
      "no ids here, only words and 12345",
      "a random " T " word",
      T,
      "md5=" T,
      "request_id=" T,
      "dd.trace_id=" T,
      "dd_trace_id=" T,
      "parent_trace_id=" T,
      "trace.link.trace_id=" T,
      "trace_idx=" T,
      "trace_id " T,
      "trace_id=" T "0",
      "trace_id=" T "g",
      "trace_id=" T "-1",
      "trace_id=g" T,
      "trace_id=0" T,
      "trace_id=00000000000000000000000000000000",
      "trace_id=4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
      "trace_id=" S,
      "span_id=" S,
      "01-" T "-" S "-01",
      "00-" T "-" S "-011",
      "x00-" T "-" S "-01",
      "00-" T "-0000000000000000-01",
      "00-00000000000000000000000000000000-" S "-01",
      "00-" T "-" S,
      "2-5759e988-bd862e3fe1be46a994272793",
      "11-5759e988-bd862e3fe1be46a994272793",
      "1-5759e98-bd862e3fe1be46a994272793",
      "1-5759e988-bd862e3fe1be46a9942727930",
      "1-5759e988-bd862e3fe1be46a994272793-1",
      "1-5759e988bd862e3fe1be46a994272793",
      "1-00000000-000000000000000000000000",
      "Self=" X,
      "trace_id=" T " trace_id=" U,
      "from " X " to 1-5759e988-bd862e3fe1be46a994272794",
  };
  for (const std::string& text : cases) EXPECT_EQ(Spell(FindCarriedIds(text)), "") << text;
}

TEST(CarriedIdsTest, SpansThatDoNotAgreeAreLeftOut) {
  EXPECT_EQ(Spell(FindCarriedIds("trace_id=" T " span_id=" S " span_id=00f067aa0ba902b8")), T);
  EXPECT_EQ(Spell(FindCarriedIds("trace_id=" T " parent_span_id=" S)), T);
  EXPECT_EQ(Spell(FindCarriedIds("trace_id=" T " span_id=0000000000000000")), T);
}

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(CarriedIdsTest, InFields) {
  const std::pair<Fields, std::string> cases[] = {
      {{{"trace_id", T}, {"span_id", S}}, T "/" S},
      {{{"span.id", S}, {"trace.id", T}}, T "/" S},
      {{{"otelTraceID", T}, {"otelSpanID", S}}, T "/" S},
      {{{"mdc.traceId", T}}, T},
      {{{"context.trace_id", T}, {"context.span_id", S}}, T "/" S},
      {{{"traceparent", "00-" T "-" S "-01"}}, T "/" S},
      {{{"xray_trace_id", X}}, U},
      {{{"x-amzn-trace-id", "Root=" X ";Parent=53995c3f42cd8ad8;Sampled=1"}},
       U "/53995c3f42cd8ad8"},
      {{{"message", "done trace_id=" T}}, T},
      {{{"message", "done trace_id=" U}, {"trace_id", T}}, ""},
      {{{"dd.trace_id", T}}, ""},
      {{{"id", T}}, ""},
      {{{"trace_id", "0"}, {"span_id", "0"}}, ""},
      {{{"trace_id", T "00"}}, ""},
      {{{"trace_id", "4bf92f3577b34da6a3ce929d0e0e473g"}}, ""},
      {{{"span_id", S}}, ""},
      {{{"body", "the other one had trace_id=" T}}, ""},
  };
  for (const auto& [fields, expected] : cases) {
    CarriedIdsFinder finder;
    for (const auto& [name, value] : fields) finder.AddField(name, value);
    EXPECT_EQ(Spell(finder.ids()), expected) << fields.front().first;
    finder.Clear();
    EXPECT_EQ(Spell(finder.ids()), "");
  }
}

}  // namespace
}  // namespace skep
