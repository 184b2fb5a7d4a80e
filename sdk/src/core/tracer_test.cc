// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/tracer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "core/test_spans.h"

namespace skep::sdk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

struct World {
  explicit World(SpanLimits limits = {}, std::shared_ptr<Sampler> sampler = nullptr) {
    TracerProviderOptions options;
    options.resource.attributes["service.name"] = "tests";
    options.limits = limits;
    options.sampler = std::move(sampler);
    options.clock = &clock;
    provider = std::make_unique<TracerProvider>(std::move(options));
    provider->AddProcessor(std::make_unique<CollectingProcessor>(ended));
  }
  Tracer Get() { return provider->GetTracer("home", "1.2"); }

  std::shared_ptr<EndedSpans> ended = std::make_shared<EndedSpans>();
  StoppedClock clock;
  std::unique_ptr<TracerProvider> provider;
};

TEST(Tracer, ASpanWithEverything) {
  World world;
  Span span = world.Get().StartSpan("create", {.kind = SpanKind::kServer});
  const std::vector<std::string> names{"a", "b"};
  span.SetAttribute("text", "x").SetAttribute("yes", true).SetAttribute("n", 5);
  span.SetAttribute("half", 0.5).SetAttribute("names", names);
  const std::array<bool, 2> flags{true, false};
  span.SetAttribute("flags", std::span<const bool>(flags));
  world.clock.Advance(100);
  span.AddEvent("cached", {{"hit", false}});
  SpanContext other;
  other.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  other.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  span.AddLink(other, {{"why", "batch"}});
  span.SetStatus(StatusCode::kError, "no such user");
  span.UpdateName("create-activity");
  EXPECT_TRUE(span.IsRecording());
  world.clock.Advance(100);
  span.End();
  EXPECT_FALSE(span.IsRecording());

  ASSERT_EQ(world.ended->Count(), 1U);
  const EndedSpan ended = world.ended->All()[0];
  EXPECT_EQ(ended.name, "create-activity");
  EXPECT_EQ(ended.kind, SpanKind::kServer);
  EXPECT_TRUE(ended.context.IsValid() && ended.context.sampled && ended.context.random);
  EXPECT_FALSE(ended.parent_id.IsValid());
  EXPECT_EQ(ended.start_unix_ns, 1'700'000'000'000'000'000);
  EXPECT_EQ(ended.end_unix_ns, 1'700'000'000'000'000'200);
  EXPECT_EQ(ended.context.trace_id.Hex().substr(0, 8), "6553f100");
  EXPECT_EQ(ended.status, StatusCode::kError);
  EXPECT_EQ(ended.status_description, "no such user");
  EXPECT_THAT(ended.keys, ElementsAre("text", "yes", "n", "half", "names", "flags"));
  EXPECT_THAT(ended.attributes,
              UnorderedElementsAre(Pair("text", "x"), Pair("yes", "true"), Pair("n", "5"),
                                   Pair("half", "0.5"), Pair("names", "[a,b]"),
                                   Pair("flags", "[true,false]")));
  ASSERT_EQ(ended.events.size(), 1U);
  EXPECT_EQ(ended.events[0].name, "cached");
  EXPECT_EQ(ended.events[0].time_unix_ns, 1'700'000'000'000'000'100);
  EXPECT_THAT(ended.events[0].attributes, ElementsAre(Pair("hit", "false")));
  ASSERT_EQ(ended.links.size(), 1U);
  EXPECT_EQ(ended.links[0].first.span_id, other.span_id);
  EXPECT_THAT(ended.links[0].second, ElementsAre(Pair("why", "batch")));
  EXPECT_EQ(ended.scope.name, "home");
  EXPECT_EQ(ended.scope.version, "1.2");
  EXPECT_EQ(ended.service, "tests");
}

TEST(Tracer, ChildrenOfTheCurrentSpan) {
  World world;
  const Tracer tracer = world.Get();
  {
    ActiveSpan outer = tracer.StartActiveSpan("outer");
    EXPECT_EQ(Span::Current().GetContext().span_id, outer->GetContext().span_id);
    {
      ActiveSpan inner = tracer.StartActiveSpan("inner");
      tracer.StartSpan("alone", {.root = true}).End();
    }
    EXPECT_EQ(Span::Current().GetContext().span_id, outer->GetContext().span_id);
  }
  EXPECT_FALSE(Span::Current().GetContext().IsValid());
  const auto ended = world.ended->All();
  ASSERT_EQ(ended.size(), 3U);
  EXPECT_EQ(ended[0].name, "alone");
  EXPECT_FALSE(ended[0].parent_id.IsValid());
  EXPECT_NE(ended[0].context.trace_id, ended[2].context.trace_id);
  EXPECT_EQ(ended[1].name, "inner");
  EXPECT_EQ(ended[1].parent_id, ended[2].context.span_id);
  EXPECT_EQ(ended[1].context.trace_id, ended[2].context.trace_id);
  EXPECT_FALSE(ended[1].parent_remote);
}

TEST(Tracer, OptionsOfTheStart) {
  World world;
  SpanContext caller;
  caller.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  caller.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
  caller.sampled = true;
  caller.remote = true;
  caller.trace_state = "a=1";
  const Context parent = Context().WithSpan(Span::Remote(caller));
  const std::vector<Attribute> attributes{{"first", 1}};
  const std::vector<SpanLink> links{{caller, attributes}};
  world.Get()
      .StartSpan("x", {.kind = SpanKind::kConsumer,
                       .start_unix_ns = 1'000,
                       .parent = &parent,
                       .attributes = attributes,
                       .links = links})
      .End(2'000);
  const EndedSpan ended = world.ended->All().at(0);
  EXPECT_EQ(ended.parent_id, caller.span_id);
  EXPECT_TRUE(ended.parent_remote);
  EXPECT_EQ(ended.context.trace_id, caller.trace_id);
  EXPECT_EQ(ended.context.trace_state, "a=1");
  EXPECT_FALSE(ended.context.remote);
  EXPECT_EQ(ended.start_unix_ns, 1'000);
  EXPECT_EQ(ended.end_unix_ns, 2'000);
  EXPECT_THAT(ended.attributes, ElementsAre(Pair("first", "1")));
  ASSERT_EQ(ended.links.size(), 1U);
  EXPECT_THAT(ended.links[0].second, ElementsAre(Pair("first", "1")));
}

TEST(Tracer, ATraceWithoutASpanIsContinued) {
  World world;
  SpanContext only_trace;
  only_trace.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
  only_trace.remote = true;
  const Context parent = Context().WithSpan(Span::Remote(only_trace));
  world.Get().StartSpan("x", {.parent = &parent}).End();
  const EndedSpan ended = world.ended->All().at(0);
  EXPECT_EQ(ended.context.trace_id, only_trace.trace_id);
  EXPECT_FALSE(ended.parent_id.IsValid());
}

TEST(Tracer, ClockStepsDoNotTearATraceApart) {
  World world;
  const Tracer tracer = world.Get();
  Span outer = tracer.StartSpan("outer");
  const Context inside = Context().WithSpan(outer);
  world.clock.steady_ns += 10;
  world.clock.unix_ns -= 3'600'000'000'000;  // somebody set the clock
  tracer.StartSpan("inner", {.parent = &inside}).End();
  world.clock.steady_ns += 10;
  outer.End();
  const auto ended = world.ended->All();
  EXPECT_EQ(ended[0].start_unix_ns, ended[1].start_unix_ns + 10);
  EXPECT_EQ(ended[1].end_unix_ns, ended[1].start_unix_ns + 20);
  world.clock.steady_ns += 1'000'000'000;  // the next trace has the new time
  tracer.StartSpan("later").End();
  EXPECT_EQ(world.ended->All()[2].start_unix_ns, world.clock.unix_ns);
}

TEST(Span, ALaterValueReplacesAnEarlierOne) {
  World world;
  Span span = world.Get().StartSpan("x");
  span.SetAttribute("a", 1).SetAttribute("b", "2").SetAttribute("a", "longer than before");
  span.SetAttribute("b", false).SetAttribute("", "no key");
  span.End();
  const EndedSpan ended = world.ended->All().at(0);
  EXPECT_THAT(ended.keys, ElementsAre("a", "b"));
  EXPECT_THAT(ended.attributes, ElementsAre(Pair("a", "longer than before"), Pair("b", "false")));
  EXPECT_EQ(ended.dropped_attributes, 1U);
}

TEST(Span, OverwritingManyTimesKeepsTheRest) {
  World world;
  Span span = world.Get().StartSpan("x");
  span.SetAttribute("kept", "k").AddEvent("e", {{"kept too", "v"}});
  span.AddLink(span.GetContext(), {{"linked", "l"}});
  const std::vector<std::string> array{"p", "q"};
  for (int i = 0; i < 4'000; ++i) {
    span.SetAttribute("a", std::string(1000, static_cast<char>('a' + i % 26)));
    span.SetAttribute("array", array);
    span.UpdateName(std::string(static_cast<size_t>(i % 700), 'n'));
  }
  span.SetStatus(StatusCode::kError, "d");
  span.End();
  const EndedSpan ended = world.ended->All().at(0);
  EXPECT_EQ(ended.name, std::string(499, 'n'));
  EXPECT_EQ(ended.attributes.at("a"), std::string(1000, static_cast<char>('a' + 3'999 % 26)));
  EXPECT_EQ(ended.attributes.at("kept"), "k");
  EXPECT_EQ(ended.attributes.at("array"), "[p,q]");
  EXPECT_THAT(ended.events.at(0).attributes, ElementsAre(Pair("kept too", "v")));
  EXPECT_EQ(ended.events.at(0).name, "e");
  EXPECT_THAT(ended.links.at(0).second, ElementsAre(Pair("linked", "l")));
  EXPECT_EQ(ended.status_description, "d");
}

TEST(Span, Limits) {
  World world({.attributes_max = 2,
               .events_max = 1,
               .links_max = 1,
               .attributes_per_event_max = 1,
               .value_bytes_max = 4});
  Span span = world.Get().StartSpan("a long name is no value");
  const std::vector<std::string> texts{"abcdef", "g"};
  span.SetAttribute("a", "abcdef").SetAttribute("b", texts).SetAttribute("c", 3);
  span.SetAttribute("a", "abc\u00e9");
  span.AddEvent("one", {{"a", "12345"}, {"b", 2}, {"a", "6"}}).AddEvent("two");
  span.AddLink(span.GetContext(), {{"a", 1}, {"b", 2}}).AddLink(span.GetContext());
  span.End();
  const EndedSpan ended = world.ended->All().at(0);
  EXPECT_EQ(ended.name, "a long name is no value");
  EXPECT_THAT(ended.attributes, ElementsAre(Pair("a", "abc"), Pair("b", "[abcd,g]")));
  EXPECT_EQ(ended.dropped_attributes, 1U);
  ASSERT_EQ(ended.events.size(), 1U);
  EXPECT_THAT(ended.events[0].attributes, ElementsAre(Pair("a", "6")));
  EXPECT_EQ(ended.events[0].dropped_attributes, 1U);
  EXPECT_EQ(ended.dropped_events, 1U);
  EXPECT_EQ(ended.links.size(), 1U);
  EXPECT_EQ(ended.dropped_link_attributes, 1U);
  EXPECT_EQ(ended.dropped_links, 1U);
}

TEST(Span, StatusOkIsFinalAndUnsetNeverOverwrites) {
  World world;
  const Tracer tracer = world.Get();
  tracer.StartSpan("ok")
      .SetStatus(StatusCode::kError, "no")
      .SetStatus(StatusCode::kOk, "unused")
      .SetStatus(StatusCode::kError, "too late")
      .End();
  tracer.StartSpan("error")
      .SetStatus(StatusCode::kError, "first")
      .SetStatus(StatusCode::kUnset)
      .SetStatus(StatusCode::kError, "2")
      .End();
  const auto ended = world.ended->All();
  EXPECT_EQ(ended[0].status, StatusCode::kOk);
  EXPECT_EQ(ended[0].status_description, "");
  EXPECT_EQ(ended[1].status, StatusCode::kError);
  EXPECT_EQ(ended[1].status_description, "2");
}

TEST(Span, EndsOnceAndThenNothingChanges) {
  World world;
  Span span = world.Get().StartSpan("x");
  const Span copy = span;
  span.End(world.clock.unix_ns + 5);
  span.End(world.clock.unix_ns + 9);
  span.SetAttribute("late", 1).AddEvent("late").UpdateName("late");
  ASSERT_EQ(world.ended->Count(), 1U);
  EXPECT_EQ(world.ended->All()[0].end_unix_ns, world.clock.unix_ns + 5);
  EXPECT_THAT(world.ended->All()[0].attributes, IsEmpty());
  EXPECT_TRUE(copy.GetContext().IsValid());
}

TEST(Span, TheLastHandleEndsIt) {
  World world;
  {
    Span span = world.Get().StartSpan("x");
    const Context context = Context().WithSpan(span);
    span = Span();
    EXPECT_EQ(world.ended->Count(), 0U);
    EXPECT_TRUE(context.GetSpan().IsRecording());
  }
  EXPECT_EQ(world.ended->Count(), 1U);
}

TEST(Span, NeverEndsBeforeItStarts) {
  World world;
  world.Get().StartSpan("x").End(7);
  EXPECT_EQ(world.ended->All()[0].end_unix_ns, world.ended->All()[0].start_unix_ns);
}

TEST(Span, WithoutASpanNothingHappens) {
  Span none;
  none.SetAttribute("a", 1).AddEvent("e").SetStatus(StatusCode::kOk).UpdateName("n").End();
  EXPECT_FALSE(none.GetContext().IsValid());
  EXPECT_FALSE(none.IsRecording());
}

TEST(Span, NotSampledHasIdsAndRecordsNothing) {
  World world({}, AlwaysOffSampler());
  const Tracer tracer = world.Get();
  Span span = tracer.StartSpan("x");
  EXPECT_TRUE(span.GetContext().IsValid());
  EXPECT_FALSE(span.GetContext().sampled);
  EXPECT_FALSE(span.IsRecording());
  span.SetAttribute("a", 1).End();
  EXPECT_EQ(world.ended->Count(), 0U);
}

class ByRule final : public Sampler {
 public:
  SamplingResult ShouldSample(const SamplingRequest& request) override {
    if (request.name == "throws") throw std::runtime_error("no rules");
    return {true, "a=1", {{"rule", "everything"}}};
  }
};

TEST(Sampler, PutsAttributesAndTraceStateOnTheSpan) {
  World world({}, std::make_shared<ByRule>());
  world.Get().StartSpan("x").End();
  EXPECT_THAT(world.ended->All().at(0).attributes, ElementsAre(Pair("rule", "everything")));
  EXPECT_EQ(world.ended->All().at(0).context.trace_state, "a=1");
}

TEST(Sampler, OneThatThrowsCostsTheSpanOnly) {
  World world({}, std::make_shared<ByRule>());
  Span span = world.Get().StartSpan("throws");
  EXPECT_FALSE(span.GetContext().IsValid());
  span.SetAttribute("a", 1).End();
  EXPECT_EQ(world.ended->Count(), 0U);
}

TEST(Span, MayOutliveTheProvider) {
  World world;
  const Tracer tracer = world.Get();
  Span ended_late = tracer.StartSpan("x");
  Span dropped_late = tracer.StartSpan("y");
  world.provider.reset();
  ended_late.SetAttribute("a", 1).AddEvent("e").End();
  dropped_late = Span();
  EXPECT_EQ(world.ended->Count(), 0U);
  EXPECT_FALSE(tracer.StartSpan("z").GetContext().IsValid());
}

TEST(Span, MemoryOfEarlierSpansLeavesNoTrace) {
  World world;
  const Tracer tracer = world.Get();
  Span first = tracer.StartSpan("first");
  for (int i = 0; i < 100; ++i) first.SetAttribute("key" + std::to_string(i), "value");
  first.AddEvent("e").AddLink(first.GetContext()).SetStatus(StatusCode::kError, "bad");
  first = Span();
  tracer.StartSpan("second").End();
  const EndedSpan second = world.ended->All().at(1);
  EXPECT_EQ(second.name, "second");
  EXPECT_THAT(second.attributes, IsEmpty());
  EXPECT_THAT(second.events, IsEmpty());
  EXPECT_THAT(second.links, IsEmpty());
  EXPECT_EQ(second.status, StatusCode::kUnset);
  EXPECT_EQ(second.status_description, "");
}

}  // namespace
}  // namespace skep::sdk
