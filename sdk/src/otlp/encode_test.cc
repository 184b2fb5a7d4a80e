// SPDX-License-Identifier: Apache-2.0
// Random spans and records, encoded and read again by a decoder that shares nothing with the
// encoder; field numbers as in opentelemetry-proto 1.x.
#include "otlp/encode.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "otlp/test_decoder.h"
#include "otlp/utf8.h"

namespace skep::sdk::otlp {
namespace {

// Owns what random attributes point to.
class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}

  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  uint64_t Bits() {
    // Numbers of all lengths.
    return (static_cast<uint64_t>(engine_()) << 32 | engine_()) >> Below(64);
  }
  std::string_view Text() {
    static const std::string_view kPieces[] = {"a",
                                               "key",
                                               "\xE2\x82\xAC",
                                               "\xF0\x9F\x98\x80",
                                               "\xFF",
                                               "\xC2",
                                               std::string_view("\0", 1),
                                               "long enough to pass eight bytes"};
    std::string text;
    for (uint64_t i = Below(5); i > 0; --i) text += kPieces[Below(20) == 0 ? Below(8) : Below(4)];
    if (Below(50) == 0) text.append(Below(40'000), 'x');
    return texts_.emplace_back(std::move(text));
  }
  AttributeValue Value() {
    switch (Below(9)) {
      case 0:
        return Below(2) == 0;
      case 1:
        return static_cast<int64_t>(Bits()) * (Below(2) == 0 ? 1 : -1);
      case 2:
        return static_cast<double>(Bits()) / 7;
      case 3:
        return Text();
      case 4:
        return std::span<const bool>(kBools, Below(4));
      case 5:
        return std::span<const int64_t>(
            Fill(&ints_, [this] { return static_cast<int64_t>(Bits()); }));
      case 6:
        return std::span<const double>(
            Fill(&doubles_, [this] { return static_cast<double>(Bits()) / 3; }));
      case 7:
        return std::span<const std::string_view>(Fill(&views_, [this] { return Text(); }));
      default:
        return std::span<const std::string>(
            Fill(&strings_, [this] { return std::string(Text()); }));
    }
  }
  std::span<const Attribute> Attributes(uint64_t most) {
    return Fill(&attributes_, [this] { return Attribute(Text(), Value()); }, most);
  }
  template <typename Id, size_t kSize>
  Id AnId() {
    std::array<uint8_t, kSize> bytes;
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(engine_());
    bytes[0] |= 1;
    return Id(bytes);
  }
  SpanContext Context() {
    SpanContext context;
    context.trace_id = AnId<TraceId, 16>();
    context.span_id = AnId<SpanId, 8>();
    context.sampled = Below(2) == 0;
    context.remote = Below(2) == 0;
    context.random = Below(2) == 0;
    if (Below(2) == 0) context.trace_state = "ot=th:8,vendor=x";
    return context;
  }
  template <typename T, typename Make>
  std::span<const T> Fill(std::deque<std::vector<T>>* owner, Make make, uint64_t most = 5) {
    std::vector<T> values;
    for (uint64_t i = Below(most + 1); i > 0; --i) values.push_back(make());
    return owner->emplace_back(std::move(values));
  }

  std::deque<std::vector<EventData>> events;
  std::deque<std::vector<LinkData>> links;
  std::deque<SpanContext> contexts;

 private:
  static constexpr bool kBools[] = {true, false, true, true};
  std::mt19937 engine_;
  std::deque<std::string> texts_;
  std::deque<std::vector<int64_t>> ints_;
  std::deque<std::vector<double>> doubles_;
  std::deque<std::vector<std::string_view>> views_;
  std::deque<std::vector<std::string>> strings_;
  std::deque<std::vector<Attribute>> attributes_;
};

std::string AsUtf8(std::string_view text) {
  std::string copy(text.size(), '\0');
  CopyAsUtf8(text, copy.data());
  return copy;
}

template <typename Id>
std::string IdBytes(const Id& id) {
  return std::string(reinterpret_cast<const char*>(id.Bytes().data()), id.Bytes().size());
}

// What is in an AnyValue must be what went in.
void ExpectAny(const Message& any, const AttributeValue& expected) {
  ASSERT_EQ(any.fields.size(), 1u);
  const Message::Field& field = any.fields[0];
  auto elements = [&](const auto& values) {
    EXPECT_EQ(field.number, 5);
    const std::vector<Message> found = Message::Parse(field.bytes).All(1);
    ASSERT_EQ(found.size(), values.size());
    for (size_t i = 0; i < values.size(); ++i) ExpectAny(found[i], AttributeValue(values[i]));
  };
  const AttributeValue::Variant& value = expected.Get();
  if (const auto* truth = std::get_if<bool>(&value)) {
    EXPECT_EQ(field.number, 2);
    EXPECT_EQ(field.value, *truth ? 1u : 0u);
  } else if (const auto* number = std::get_if<int64_t>(&value)) {
    EXPECT_EQ(field.number, 3);
    EXPECT_EQ(static_cast<int64_t>(field.value), *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    EXPECT_EQ(field.number, 4);
    EXPECT_EQ(field.value, std::bit_cast<uint64_t>(*real));
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    EXPECT_EQ(field.number, IsUtf8(*text) ? 1 : 7);
    EXPECT_EQ(field.bytes, *text);
  } else if (const auto* truths = std::get_if<std::span<const bool>>(&value)) {
    elements(*truths);
  } else if (const auto* numbers = std::get_if<std::span<const int64_t>>(&value)) {
    elements(*numbers);
  } else if (const auto* reals = std::get_if<std::span<const double>>(&value)) {
    elements(*reals);
  } else if (const auto* views = std::get_if<std::span<const std::string_view>>(&value)) {
    elements(*views);
  } else {
    elements(std::get<std::span<const std::string>>(value));
  }
}

void ExpectAttributes(const std::vector<Message>& found, std::span<const Attribute> expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].Text(1), AsUtf8(expected[i].first));
    ASSERT_EQ(found[i].All(2).size(), 1u);
    ASSERT_NO_FATAL_FAILURE(ExpectAny(found[i].All(2)[0], expected[i].second));
  }
}

uint64_t Flags(const SpanContext& context, bool remote) {
  return (context.sampled ? 1u : 0u) + (context.random ? 2u : 0u) + 256 + (remote ? 512 : 0);
}

void ExpectSpan(const Message& found, const SpanData& span) {
  EXPECT_EQ(found.Text(1), IdBytes(span.context->trace_id));
  EXPECT_EQ(found.Text(2), IdBytes(span.context->span_id));
  EXPECT_EQ(found.Text(3), span.context->trace_state);
  EXPECT_EQ(found.Text(4), span.parent_id.IsValid() ? IdBytes(span.parent_id) : "");
  EXPECT_EQ(found.Text(5), AsUtf8(span.name));
  EXPECT_EQ(found.Number(6), static_cast<uint64_t>(span.kind));
  EXPECT_EQ(found.Number(7), static_cast<uint64_t>(span.start_unix_ns));
  EXPECT_EQ(found.Number(8), static_cast<uint64_t>(span.end_unix_ns));
  ASSERT_NO_FATAL_FAILURE(ExpectAttributes(found.All(9), span.attributes));
  EXPECT_EQ(found.Number(10), span.dropped_attributes);
  ASSERT_EQ(found.All(11).size(), span.events.size());
  for (size_t i = 0; i < span.events.size(); ++i) {
    const Message event = found.All(11)[i];
    EXPECT_EQ(event.Number(1), static_cast<uint64_t>(span.events[i].time_unix_ns));
    EXPECT_EQ(event.Text(2), AsUtf8(span.events[i].name));
    ASSERT_NO_FATAL_FAILURE(ExpectAttributes(event.All(3), span.events[i].attributes));
    EXPECT_EQ(event.Number(4), span.events[i].dropped_attributes);
  }
  EXPECT_EQ(found.Number(12), span.dropped_events);
  ASSERT_EQ(found.All(13).size(), span.links.size());
  for (size_t i = 0; i < span.links.size(); ++i) {
    const Message link = found.All(13)[i];
    const SpanContext& target = *span.links[i].target;
    EXPECT_EQ(link.Text(1), IdBytes(target.trace_id));
    EXPECT_EQ(link.Text(2), IdBytes(target.span_id));
    EXPECT_EQ(link.Text(3), target.trace_state);
    ASSERT_NO_FATAL_FAILURE(ExpectAttributes(link.All(4), span.links[i].attributes));
    EXPECT_EQ(link.Number(5), span.links[i].dropped_attributes);
    EXPECT_EQ(link.Number(6), Flags(target, target.remote));
  }
  EXPECT_EQ(found.Number(14), span.dropped_links);
  const Message status = found.Has(15) ? found.All(15)[0] : Message();
  EXPECT_EQ(status.Text(2), AsUtf8(span.status_description));
  EXPECT_EQ(status.Number(3), static_cast<uint64_t>(span.status));
  EXPECT_EQ(found.Number(16), Flags(*span.context, span.parent_remote));
}

SpanData RandomSpan(Random& random) {
  SpanData span;
  span.name = random.Text();
  span.kind = static_cast<SpanKind>(1 + random.Below(5));
  span.context = &random.contexts.emplace_back(random.Context());
  if (random.Below(3) > 0) span.parent_id = random.AnId<SpanId, 8>();
  span.parent_remote = random.Below(2) == 0;
  span.start_unix_ns = static_cast<int64_t>(random.Bits() >> 1);
  span.end_unix_ns = static_cast<int64_t>(random.Bits() >> 1);
  span.status = static_cast<StatusCode>(random.Below(3));
  if (span.status == StatusCode::kError) span.status_description = random.Text();
  span.attributes = random.Attributes(8);
  span.events = random.Fill(&random.events, [&] {
    return EventData{static_cast<int64_t>(random.Bits() >> 1), random.Text(), random.Attributes(4),
                     static_cast<uint32_t>(random.Bits())};
  });
  span.links = random.Fill(&random.links, [&] {
    return LinkData{&random.contexts.emplace_back(random.Context()), random.Attributes(3),
                    static_cast<uint32_t>(random.Bits())};
  });
  span.dropped_attributes = static_cast<uint32_t>(random.Bits());
  span.dropped_events = static_cast<uint32_t>(random.Bits());
  span.dropped_links = static_cast<uint32_t>(random.Bits());
  return span;
}

template <typename Record>
Message Encoded(const Record& record) {
  // Of just this size, so that a byte too many is seen by the sanitizer.
  const size_t max = EncodedBytesMax(record);
  const std::unique_ptr<char[]> room(new char[max]);
  char* const end = Encode(record, room.get());
  EXPECT_LE(static_cast<size_t>(end - room.get()), max);
  const Message outer = Message::Parse(std::string(room.get(), end));
  EXPECT_EQ(outer.fields.size(), 1u);
  EXPECT_EQ(outer.fields[0].number, 2);
  return outer.All(2)[0];
}

TEST(Encode, SpansComeBackAsTheyWere) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const SpanData span = RandomSpan(random);
    ASSERT_NO_FATAL_FAILURE(ExpectSpan(Encoded(span), span));
  }
}

TEST(Encode, RecordsComeBackAsTheyWere) {
  constexpr Severity kSeverities[] = {Severity::kTrace, Severity::kDebug, Severity::kInfo,
                                      Severity::kWarn,  Severity::kError, Severity::kFatal};
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    LogRecord record;
    record.time_unix_ns = static_cast<int64_t>(random.Bits() >> 1);
    record.severity = kSeverities[random.Below(6)];
    record.body = random.Text();
    record.attributes = random.Attributes(6);
    if (random.Below(2) == 0) record.span_context = random.Context();
    const Message found = Encoded(record);
    EXPECT_EQ(found.Number(1), static_cast<uint64_t>(record.time_unix_ns));
    EXPECT_EQ(found.Number(2), static_cast<uint64_t>(record.severity));
    EXPECT_EQ(found.Text(3), SeverityText(record.severity));
    ASSERT_NO_FATAL_FAILURE(ExpectAny(found.All(5).at(0), AttributeValue(record.body)));
    ASSERT_NO_FATAL_FAILURE(ExpectAttributes(found.All(6), record.attributes));
    const bool in_span = record.span_context.IsValid();
    EXPECT_EQ(found.Number(8), in_span ? Flags(record.span_context, false) - 256 : 0u);
    EXPECT_EQ(found.Text(9), in_span ? IdBytes(record.span_context.trace_id) : "");
    EXPECT_EQ(found.Text(10), in_span ? IdBytes(record.span_context.span_id) : "");
    EXPECT_EQ(found.Number(11), static_cast<uint64_t>(record.time_unix_ns));
  }
}

TEST(Encode, ScopeAndResource) {
  const Message scope = Message::Parse(EncodeScope({"lib", "1.2"})).All(1).at(0);
  EXPECT_EQ(scope.Text(1), "lib");
  EXPECT_EQ(scope.Text(2), "1.2");
  EXPECT_EQ(Message::Parse(EncodeScope({std::string(500, 'n'), ""})).All(1).at(0).Text(1).size(),
            500u);

  Resource resource;
  resource.attributes = {
      {"a.text", "x"}, {"b.number", int64_t{-5}}, {"c.real", 0.5}, {"d.truth", true}};
  const std::vector<Message> found = Message::Parse(EncodeResource(resource)).All(1).at(0).All(1);
  const Attribute expected[] = {
      {"a.text", "x"}, {"b.number", -5}, {"c.real", 0.5}, {"d.truth", true}};
  ExpectAttributes(found, expected);
  EXPECT_TRUE(Message::Parse(EncodeResource(Resource())).All(1).at(0).fields.empty());
}

}  // namespace
}  // namespace skep::sdk::otlp
