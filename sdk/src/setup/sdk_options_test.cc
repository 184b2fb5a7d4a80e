// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "skep/sdk/diagnostics.h"
#include "skep/sdk/sdk.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

class SdkOptionsTest : public testing::Test {
 protected:
  void SetUp() override {
    SetDiagnosticHandler(
        [this](DiagnosticLevel, std::string_view line) { complaints_.emplace_back(line); });
  }
  void TearDown() override { SetDiagnosticHandler(nullptr); }

  SdkOptions From(std::map<std::string, std::string> variables) {
    complaints_.clear();
    return SdkOptions::From([variables](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }

  std::vector<std::string> complaints_;
};

TEST_F(SdkOptionsTest, Defaults) {
  const SdkOptions options = From({});
  EXPECT_FALSE(options.disabled);
  ASSERT_TRUE(options.otlp_traces.has_value());
  EXPECT_EQ(options.otlp_traces->url, "http://localhost:4318/v1/traces");
  EXPECT_EQ(options.otlp_traces->schedule_delay, milliseconds(5000));
  EXPECT_EQ(options.otlp_traces->timeout, milliseconds(10000));
  EXPECT_THAT(options.otlp_traces->headers, IsEmpty());
  ASSERT_TRUE(options.otlp_logs.has_value());
  EXPECT_EQ(options.otlp_logs->url, "http://localhost:4318/v1/logs");
  EXPECT_EQ(options.otlp_logs->schedule_delay, milliseconds(1000));
  EXPECT_FALSE(options.cloudwatch_logs.has_value());
  EXPECT_FALSE(options.xray.has_value());
  EXPECT_FALSE(options.rollbar.has_value());
  EXPECT_THAT(complaints_, IsEmpty());
  // An empty variable is as none.
  EXPECT_EQ(From({{"OTEL_EXPORTER_OTLP_ENDPOINT", ""}}).otlp_traces->url,
            "http://localhost:4318/v1/traces");
  EXPECT_THAT(complaints_, IsEmpty());
}

TEST_F(SdkOptionsTest, Disabled) {
  const SdkOptions options = From({{"OTEL_SDK_DISABLED", "True"}, {"ROLLBAR_ACCESS_TOKEN", "t"}});
  EXPECT_TRUE(options.disabled);
  EXPECT_FALSE(options.otlp_traces.has_value());
  EXPECT_FALSE(options.rollbar.has_value());
  EXPECT_NE(options.propagator, nullptr);
}

TEST_F(SdkOptionsTest, Endpoints) {
  const SdkOptions base = From({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318/base/"}});
  EXPECT_EQ(base.otlp_traces->url, "https://collector:4318/base/v1/traces");
  EXPECT_EQ(base.otlp_logs->url, "https://collector:4318/base/v1/logs");
  const SdkOptions own =
      From({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318"},
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://elsewhere/verbatim"}});
  EXPECT_EQ(own.otlp_traces->url, "http://elsewhere/verbatim");
  EXPECT_EQ(own.otlp_logs->url, "https://collector:4318/v1/logs");
  EXPECT_THAT(complaints_, IsEmpty());
  const SdkOptions wrong = From({{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"}});
  EXPECT_EQ(wrong.otlp_traces->url, "http://localhost:4318/v1/traces");
  EXPECT_THAT(complaints_, Contains(HasSubstr("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317")));
}

TEST_F(SdkOptionsTest, Honeycomb) {
  const SdkOptions live =
      From({{"HONEYCOMB_API_KEY", "hcaik_0123"}, {"HONEYCOMB_DATASET", "data"}});
  EXPECT_EQ(live.otlp_traces->url, "https://api.honeycomb.io/v1/traces");
  EXPECT_THAT(live.otlp_traces->headers,
              testing::ElementsAre(Pair("x-honeycomb-team", "hcaik_0123")));
  EXPECT_THAT(live.otlp_logs->headers, Contains(Pair("x-honeycomb-dataset", "data")));

  const std::string classic(32, 'a');
  const SdkOptions skep = From({{"HONEYCOMB_API_KEY", classic},
                                {"HONEYCOMB_API_ENDPOINT", "http://skep:8080"},
                                {"HONEYCOMB_DATASET", "data"}});
  EXPECT_EQ(skep.otlp_traces->url, "http://skep:8080/v1/traces");
  EXPECT_THAT(skep.otlp_traces->headers, Contains(Pair("x-honeycomb-dataset", "data")));
  const SdkOptions ingest =
      From({{"HONEYCOMB_API_KEY", "hcaic_" + std::string(58, '1')}, {"HONEYCOMB_DATASET", "d"}});
  EXPECT_THAT(ingest.otlp_traces->headers, Contains(Pair("x-honeycomb-dataset", "d")));
  // A header that was given stays.
  const SdkOptions given =
      From({{"HONEYCOMB_API_KEY", "k"}, {"OTEL_EXPORTER_OTLP_HEADERS", "X-Honeycomb-Team=other"}});
  EXPECT_THAT(given.otlp_traces->headers, testing::ElementsAre(Pair("x-honeycomb-team", "other")));
}

TEST_F(SdkOptionsTest, OtlpDetails) {
  const SdkOptions options = From({{"OTEL_EXPORTER_OTLP_HEADERS", "a=b%20c, D = e=f ,broken,=x"},
                                   {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "only=logs"},
                                   {"OTEL_EXPORTER_OTLP_TIMEOUT", "2000"},
                                   {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"},
                                   {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "none"},
                                   {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"},
                                   {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/cert.pem"},
                                   {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "/key.pem"},
                                   {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"},
                                   {"OTEL_BSP_SCHEDULE_DELAY", "100"},
                                   {"OTEL_BSP_EXPORT_TIMEOUT", "1500"},
                                   {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096"},
                                   {"OTEL_BSP_MAX_QUEUE_SIZE", "2048"},
                                   {"OTEL_BLRP_SCHEDULE_DELAY", "50"}});
  EXPECT_THAT(options.otlp_traces->headers,
              testing::ElementsAre(Pair("a", "b c"), Pair("d", "e=f")));
  EXPECT_THAT(options.otlp_logs->headers, testing::ElementsAre(Pair("only", "logs")));
  EXPECT_EQ(options.otlp_traces->timeout, milliseconds(1500));
  EXPECT_EQ(options.otlp_logs->timeout, milliseconds(2000));
  EXPECT_TRUE(options.otlp_traces->gzip);
  EXPECT_FALSE(options.otlp_logs->gzip);
  EXPECT_EQ(options.otlp_traces->ca_file, "/ca.pem");
  EXPECT_EQ(options.otlp_traces->client_cert_file, "/cert.pem");
  EXPECT_EQ(options.otlp_traces->client_key_file, "/key.pem");
  EXPECT_EQ(options.otlp_logs->client_key_file, "");
  EXPECT_EQ(options.otlp_traces->schedule_delay, milliseconds(100));
  EXPECT_EQ(options.otlp_traces->batch_records_max, 2048u);  // no more than the queue holds
  EXPECT_EQ(options.otlp_traces->queue_records_max, 2048u);
  EXPECT_EQ(options.otlp_logs->schedule_delay, milliseconds(50));
}

TEST_F(SdkOptionsTest, WrongValuesAreSaidAndLeftAside) {
  const SdkOptions options = From({{"OTEL_SDK_DISABLED", "yes"},
                                   {"OTEL_TRACES_SAMPLER", "sometimes"},
                                   {"OTEL_PROPAGATORS", "b3,tracecontext"},
                                   {"OTEL_TRACES_EXPORTER", "zipkin"},
                                   {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                                   {"OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"},
                                   {"OTEL_EXPORTER_OTLP_TIMEOUT", "ten"},
                                   {"OTEL_BSP_SCHEDULE_DELAY", "-5"},
                                   {"OTEL_BSP_MAX_QUEUE_SIZE", "0"},
                                   {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "12x"},
                                   {"OTEL_LOG_LEVEL", "loud"}});
  EXPECT_FALSE(options.disabled);
  ASSERT_TRUE(options.otlp_traces.has_value());
  EXPECT_EQ(options.otlp_traces->timeout, milliseconds(10000));
  EXPECT_EQ(options.otlp_traces->schedule_delay, milliseconds(5000));
  EXPECT_EQ(options.otlp_traces->queue_records_max, 0u);
  EXPECT_EQ(options.span_limits.attributes_max, 128u);
  for (const char* name :
       {"OTEL_SDK_DISABLED=yes", "OTEL_TRACES_SAMPLER=sometimes", "OTEL_PROPAGATORS=b3",
        "OTEL_TRACES_EXPORTER=zipkin", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        "OTEL_EXPORTER_OTLP_COMPRESSION=zstd", "OTEL_EXPORTER_OTLP_TIMEOUT=ten",
        "OTEL_BSP_SCHEDULE_DELAY=-5", "OTEL_BSP_MAX_QUEUE_SIZE=0",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=12x", "OTEL_LOG_LEVEL=loud"}) {
    EXPECT_THAT(complaints_, Contains(HasSubstr(name)));
  }
}

TEST_F(SdkOptionsTest, SecretsAreNotSaid) {
  From({{"OTEL_EXPORTER_OTLP_HEADERS", "s3cret"}});
  EXPECT_THAT(complaints_, testing::SizeIs(2));  // for each signal
  EXPECT_THAT(complaints_, testing::Each(Not(HasSubstr("s3cret"))));
}

TEST_F(SdkOptionsTest, Samplers) {
  SpanContext parent;
  parent.trace_id = *TraceId::FromHex("ffffffffffffffffffffffffffffff00");
  parent.span_id = *SpanId::FromHex("0123456789abcdef");
  auto samples = [&](std::map<std::string, std::string> variables, const SpanContext* of) {
    SamplingRequest request{of, parent.trace_id, "s", SpanKind::kServer, {}};
    return From(std::move(variables)).sampler->ShouldSample(request).sampled;
  };
  EXPECT_TRUE(samples({}, nullptr));
  EXPECT_FALSE(samples({}, &parent));  // which was not sampled
  EXPECT_TRUE(samples({{"OTEL_TRACES_SAMPLER", "always_on"}}, &parent));
  EXPECT_FALSE(samples({{"OTEL_TRACES_SAMPLER", "always_off"}}, nullptr));
  EXPECT_FALSE(samples({{"OTEL_TRACES_SAMPLER", "parentbased_always_off"}}, nullptr));
  for (const std::string name : {"traceidratio", "parentbased_traceidratio"}) {
    EXPECT_FALSE(
        samples({{"OTEL_TRACES_SAMPLER", name}, {"OTEL_TRACES_SAMPLER_ARG", "0"}}, nullptr));
    EXPECT_TRUE(
        samples({{"OTEL_TRACES_SAMPLER", name}, {"OTEL_TRACES_SAMPLER_ARG", "1"}}, nullptr));
    EXPECT_TRUE(
        samples({{"OTEL_TRACES_SAMPLER", name}, {"OTEL_TRACES_SAMPLER_ARG", "2"}}, nullptr));
    EXPECT_THAT(complaints_, Contains(HasSubstr("OTEL_TRACES_SAMPLER_ARG=2")));
  }
}

TEST_F(SdkOptionsTest, Propagators) {
  auto headers = [&](const std::string& names) {
    SpanContext context;
    context.trace_id = *TraceId::FromHex("5759e988bd862e3fe1be46a994272793");
    context.span_id = *SpanId::FromHex("53995c3f42cd8ad8");
    context.sampled = true;
    const Context with = WithBaggage(Context().WithSpan(Span::Remote(context)), {{"k", "v"}});
    std::vector<std::string> set;
    From({{"OTEL_PROPAGATORS", names}})
        .propagator->Inject(
            with, [&set](std::string_view name, std::string_view) { set.emplace_back(name); });
    return set;
  };
  EXPECT_THAT(headers(""), testing::UnorderedElementsAre("traceparent", "baggage"));
  EXPECT_THAT(headers("tracecontext"), testing::ElementsAre("traceparent"));
  EXPECT_THAT(headers("none"), IsEmpty());
  EXPECT_THAT(headers("xray, tracecontext"),
              testing::UnorderedElementsAre("x-amzn-trace-id", "traceparent"));
  EXPECT_THAT(headers("tracecontext,baggage,tracecontext"),
              testing::ElementsAre("traceparent", "baggage"));
}

TEST_F(SdkOptionsTest, SpanLimits) {
  const SpanLimits limits = From({{"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "5"},
                                  {"OTEL_ATTRIBUTE_COUNT_LIMIT", "6"},
                                  {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100"},
                                  {"OTEL_SPAN_EVENT_COUNT_LIMIT", "7"},
                                  {"OTEL_SPAN_LINK_COUNT_LIMIT", "8"},
                                  {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "9"}})
                                .span_limits;
  EXPECT_EQ(limits.attributes_max, 5u);
  EXPECT_EQ(limits.value_bytes_max, 100u);
  EXPECT_EQ(limits.events_max, 7u);
  EXPECT_EQ(limits.links_max, 8u);
  EXPECT_EQ(limits.attributes_per_event_max, 9u);
}

TEST_F(SdkOptionsTest, LogsGoWhereTheyAreAsked) {
  const SdkOptions group = From({{"LOG_GROUP", "g"}});
  EXPECT_TRUE(group.cloudwatch_logs.has_value());
  EXPECT_FALSE(group.otlp_logs.has_value());
  const SdkOptions both = From({{"LOG_GROUP", "g"}, {"OTEL_LOGS_EXPORTER", "otlp,cloudwatch"}});
  EXPECT_TRUE(both.cloudwatch_logs.has_value());
  EXPECT_TRUE(both.otlp_logs.has_value());
  const SdkOptions none = From({{"OTEL_LOGS_EXPORTER", "none"}, {"OTEL_TRACES_EXPORTER", "none"}});
  EXPECT_FALSE(none.cloudwatch_logs.has_value());
  EXPECT_FALSE(none.otlp_logs.has_value());
  EXPECT_FALSE(none.otlp_traces.has_value());
  EXPECT_THAT(complaints_, IsEmpty());
}

TEST_F(SdkOptionsTest, XrayAndRollbarWhenTheyAreAskedFor) {
  EXPECT_TRUE(From({{"AWS_XRAY_TRACING_NAME", "backend"}}).xray.has_value());
  EXPECT_TRUE(From({{"AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"}}).xray.has_value());
  EXPECT_TRUE(From({{"AWS_XRAY_SDK_ENABLED", "true"}}).xray.has_value());
  EXPECT_FALSE(
      From({{"AWS_XRAY_SDK_ENABLED", "false"}, {"AWS_XRAY_TRACING_NAME", "b"}}).xray.has_value());
  EXPECT_TRUE(From({{"AWS_XRAY_SDK_ENABLED", "1"}}).xray.has_value());
  for (const char* no : {"0", "No", "off"}) {
    EXPECT_FALSE(
        From({{"AWS_XRAY_SDK_ENABLED", no}, {"AWS_XRAY_TRACING_NAME", "b"}}).xray.has_value());
  }
  EXPECT_TRUE(From({{"ROLLBAR_ACCESS_TOKEN", "t"}}).rollbar.has_value());
  EXPECT_THAT(complaints_, IsEmpty());
  EXPECT_TRUE(From({{"AWS_XRAY_SDK_ENABLED", "maybe"}, {"AWS_XRAY_TRACING_NAME", "b"}}).xray);
  EXPECT_THAT(complaints_, testing::SizeIs(1));
}

}  // namespace
}  // namespace skep::sdk
