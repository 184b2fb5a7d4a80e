// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/propagation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

#include "core/trace_state.h"
#include "skep/sdk/span.h"

namespace skep::sdk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Headers = std::map<std::string, std::string>;

HeaderGetter From(Headers headers) {
  return [headers = std::move(headers)](std::string_view name) -> std::optional<std::string> {
    const auto found = headers.find(std::string(name));
    return found == headers.end() ? std::nullopt : std::optional(found->second);
  };
}

Headers Injected(const Propagator& propagator, const Context& context) {
  Headers headers;
  propagator.Inject(context, [&headers](std::string_view name, std::string_view value) {
    headers[std::string(name)] = value;
  });
  return headers;
}

SpanContext Extracted(const Propagator& propagator, Headers headers) {
  return propagator.Extract(Context(), From(std::move(headers))).GetSpan().GetContext();
}

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpan[] = "00f067aa0ba902b7";
const std::string kParent = std::string("00-") + kTrace + "-" + kSpan + "-01";

TEST(TraceParent, WellFormed) {
  struct Case {
    std::string header;
    bool sampled;
    bool random;
  };
  const std::string ids = std::string(kTrace) + "-" + kSpan;
  for (const Case& c :
       {Case{"00-" + ids + "-01", true, false}, Case{"00-" + ids + "-00", false, false},
        Case{"00-" + ids + "-03", true, true}, Case{"00-" + ids + "-02", false, true},
        Case{"00-" + ids + "-ff", true, true}, Case{"00-" + ids + "-08", false, false},
        Case{" 00-" + ids + "-01\t", true, false}, Case{"cc-" + ids + "-01", true, false},
        Case{"cc-" + ids + "-01-what-the-future-will-be-like", true, false},
        Case{"01-" + ids + "-01-", true, false}}) {
    const SpanContext context = Extracted(*TraceContextPropagator(), {{"traceparent", c.header}});
    EXPECT_EQ(context.trace_id.Hex(), kTrace) << c.header;
    EXPECT_EQ(context.span_id.Hex(), kSpan) << c.header;
    EXPECT_EQ(context.sampled, c.sampled) << c.header;
    EXPECT_EQ(context.random, c.random) << c.header;
    EXPECT_TRUE(context.remote);
  }
}

TEST(TraceParent, NotWellFormedIsIgnored) {
  const std::string ids = std::string(kTrace) + "-" + kSpan;
  const std::string cases[] = {
      "",
      "00",
      "00-" + ids,
      "00-" + ids + "-",
      "00-" + ids + "-1",
      "00-" + ids + "-0g",
      "00-" + ids + "-.0",
      "00-" + ids + "-0A",
      "00-" + ids + "-011",
      "00-" + ids + "-01-extra",
      "00-" + ids + "-01-",
      "00-" + ids + "-01.",
      "ff-" + ids + "-01",
      "0g-" + ids + "-01",
      "0-" + ids + "-01",
      "000-" + ids + "-01",
      "cc-" + ids + "-01.what-the-future-will-be-like",
      "cc-" + ids + "-01what",
      "00_" + ids + "-01",
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-011",
      "00-4bf92f3577b34da6a3ce929d0e0e4736000f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e47.6-00f067aa0ba902b7-01",
      "00-" + ids + "-01,00-" + ids + "-01",  // two headers
      "cc-" + ids + "-01,cc-" + ids + "-01",
      std::string("00-") + std::string(32, '\0') + "-00f067aa0ba902b7-01",
      std::string(100'000, '-'),
  };
  for (const std::string& header : cases) {
    EXPECT_FALSE(
        Extracted(*TraceContextPropagator(), {{"traceparent", header}, {"tracestate", "a=1"}})
            .IsValid())
        << header;
  }
  EXPECT_FALSE(Extracted(*TraceContextPropagator(), {{"tracestate", "a=1"}}).IsValid());
}

TEST(TraceState, Headers) {
  struct Case {
    std::string header;
    std::string kept;
  };
  const std::string key256 = std::string(256, 'k');
  const std::string value256 = std::string(256, 'v');
  std::string members32, members33;
  for (int i = 0; i < 33; ++i) {
    if (i < 32) members32 += (i == 0 ? "" : ",") + std::to_string(i) + "=1";
    members33 += (i == 0 ? "" : ",") + std::to_string(i) + "=1";
  }
  for (const Case& c : std::initializer_list<Case>{
           {"", ""},
           {"a=1", "a=1"},
           {"a=1,b=2", "a=1,b=2"},
           {" a=1 \t,\tb=2 ", "a=1,b=2"},
           {"a=1,,b=2,", "a=1,b=2"},
           {"a= 1", "a= 1"},
           {"0a-_*/=1", "0a-_*/=1"},
           {"t@v=1", "t@v=1"},
           {"0@9=1", "0@9=1"},
           {"a=1,a=2", "a=1,a=2"},
           {key256 + "=1", key256 + "=1"},
           {"a=" + value256, "a=" + value256},
           {members32, members32},
           // not well-formed: all of it goes
           {members33, ""},
           {key256 + "k=1", ""},
           {"a=" + value256 + "v", ""},
           {"a", ""},
           {"a=", ""},
           {"=1", ""},
           {"A=1", ""},
           {"a=1,B=2", ""},
           {"a =1", ""},
           {"a=1=2", ""},
           {"a=\x01", ""},
           {"a=\xC3\xA9", ""},
           {"_a=1", ""},
           {"t@=1", ""},
           {"@v=1", ""},
           {"t@v@w=1", ""},
           {"t@" + std::string(15, 'v') + "=1", ""},
           {std::string(242, 't') + "@v=1", ""},
           {"a.b=1", ""},
           // too long: members over 128 characters go first, then those at the end
           {"a=" + std::string(200, 'v') + ",b=" + std::string(200, 'v') +
                ",c=" + std::string(200, 'v') + ",d=1",
            "a=" + std::string(200, 'v') + ",b=" + std::string(200, 'v') + ",d=1"},
           {"a=" + std::string(120, 'v') + ",b=" + std::string(120, 'v') +
                ",c=" + std::string(120, 'v') + ",d=" + std::string(120, 'v') +
                ",e=" + std::string(120, 'v'),
            "a=" + std::string(120, 'v') + ",b=" + std::string(120, 'v') +
                ",c=" + std::string(120, 'v') + ",d=" + std::string(120, 'v')},
       }) {
    EXPECT_EQ(CheckedTraceState(c.header), c.kept) << c.header;
    const SpanContext context =
        Extracted(*TraceContextPropagator(), {{"traceparent", kParent}, {"tracestate", c.header}});
    EXPECT_TRUE(context.IsValid()) << c.header;
    EXPECT_EQ(context.trace_state, c.kept) << c.header;
  }
}

TEST(TraceContext, InjectsWhatItExtracted) {
  const auto propagator = TraceContextPropagator();
  for (const Headers& headers :
       {Headers{{"traceparent", kParent}, {"tracestate", "a=1,b=2"}},
        Headers{{"traceparent", std::string("00-") + kTrace + "-" + kSpan + "-02"}}}) {
    EXPECT_EQ(Injected(*propagator, propagator->Extract(Context(), From(headers))), headers);
  }
  EXPECT_THAT(Injected(*propagator, Context()), IsEmpty());
}

TEST(TraceContext, ACarrierThatThrowsIsAsNone) {
  const auto propagator =
      CompositePropagator({TraceContextPropagator(), BaggagePropagator(), nullptr});
  const Context context = propagator->Extract(
      Context(),
      [](std::string_view) -> std::optional<std::string> { throw std::runtime_error("x"); });
  EXPECT_FALSE(context.GetSpan().GetContext().IsValid());
  const Context with =
      TraceContextPropagator()->Extract(Context(), From({{"traceparent", kParent}}));
  propagator->Inject(WithBaggage(with, {{"a", "1"}}),
                     [](std::string_view, std::string_view) { throw std::runtime_error("x"); });
}

TEST(Baggage, Headers) {
  struct Case {
    std::string header;
    Baggage read;
    std::string written;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"a=1", {{"a", "1"}}, "a=1"},
           {" a = 1 , b\t=2 ", {{"a", "1"}, {"b", "2"}}, "a=1,b=2"},
           {"a=", {{"a", ""}}, "a="},
           {"a=1=2", {{"a", "1=2"}}, "a=1=2"},
           {"a=%41%2c%20%25", {{"a", "A, %"}}, "a=A%2C%20%25"},
           {"a=%zz%4", {{"a", "%zz%4"}}, "a=%25zz%254"},
           {"a=%C3%A9", {{"a", "\u00e9"}}, "a=%C3%A9"},
           {"a=%FF", {{"a", "\uFFFD"}}, "a=%EF%BF%BD"},
           {"a=1,a=2", {{"a", "2"}}, "a=2"},
           {"a=1;p;q=2", {{"a", "1"}}, "a=1;p;q=2"},
           {"a=1 ; p = 2 ,b=3", {{"a", "1"}, {"b", "3"}}, "a=1;p = 2,b=3"},
           {"a=1;p\t=\t2", {{"a", "1"}}, "a=1;p = 2"},
           {"a=1;p,a=2", {{"a", "2"}}, "a=2"},
           // properties that are not well-formed go, the entry stays
           {"a=1;;q", {{"a", "1"}}, "a=1"},
           {"a=1;p\"", {{"a", "1"}}, "a=1"},
           {"a=1;(=2", {{"a", "1"}}, "a=1"},
           // entries that are not well-formed go, the others stay
           {"a,b=2", {{"b", "2"}}, "b=2"},
           {"=1,b=2", {{"b", "2"}}, "b=2"},
           {"a b=1,b=2", {{"b", "2"}}, "b=2"},
           {"a=x y,b=2", {{"b", "2"}}, "b=2"},
           {"a=\",b=2", {{"b", "2"}}, "b=2"},
           {"a=\\,b=2", {{"b", "2"}}, "b=2"},
           {"a=\xC3\xA9,b=2", {{"b", "2"}}, "b=2"},
           {"a\r\n=1,b=2", {{"b", "2"}}, "b=2"},
           {",,b=2,", {{"b", "2"}}, "b=2"},
           {"", {}, ""},
           {",", {}, ""},
       }) {
    const auto propagator = BaggagePropagator();
    const Context context = propagator->Extract(Context(), From({{"baggage", c.header}}));
    EXPECT_EQ(GetBaggage(context), c.read) << c.header;
    const Headers written = Injected(*propagator, context);
    EXPECT_EQ(written.contains("baggage") ? written.at("baggage") : "", c.written) << c.header;
  }
}

TEST(Baggage, AtMost64EntriesAnd8192Bytes) {
  std::string many, large;
  Baggage all;
  for (int i = 0; i < 100; ++i) {
    many += std::to_string(i) + "=1,";
    large += std::to_string(i) + "=" + std::string(1000, 'v') + ",";
    all[std::to_string(i)] = std::string(100, ' ');  // 300 bytes on the wire
  }
  const auto propagator = BaggagePropagator();
  EXPECT_EQ(GetBaggage(propagator->Extract(Context(), From({{"baggage", many}}))).size(), 64U);
  EXPECT_EQ(GetBaggage(propagator->Extract(Context(), From({{"baggage", large}}))).size(), 8U);
  const std::string written = Injected(*propagator, WithBaggage(Context(), all)).at("baggage");
  EXPECT_LE(written.size(), 8192U);
  EXPECT_GT(written.size(), 7800U);
  const Context again = propagator->Extract(Context(), From({{"baggage", written}}));
  EXPECT_EQ(GetBaggage(again).size(), 26U);
}

TEST(Baggage, PropertiesStayAsLongAsTheValueDoes) {
  const auto propagator = BaggagePropagator();
  const Context context = propagator->Extract(Context(), From({{"baggage", "a=1;p,b=2;q"}}));
  Baggage baggage = GetBaggage(context);
  baggage["b"] = "3";
  baggage["not a token"] = "x";
  EXPECT_THAT(Injected(*propagator, WithBaggage(context, baggage)),
              ElementsAre(Pair("baggage", "a=1;p,b=3")));
}

TEST(Baggage, NothingExtractedLeavesWhatWas) {
  const auto propagator = BaggagePropagator();
  const Context before = WithBaggage(Context(), {{"a", "1"}});
  EXPECT_EQ(GetBaggage(propagator->Extract(before, From({}))), (Baggage{{"a", "1"}}));
  EXPECT_EQ(GetBaggage(propagator->Extract(before, From({{"baggage", "?"}}))),
            (Baggage{{"a", "1"}}));
}

}  // namespace
}  // namespace skep::sdk
