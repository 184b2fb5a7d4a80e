// SPDX-License-Identifier: Apache-2.0
#include "doors/otlp/json_form.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "doors/golden/case_file.h"
#include "doors/golden/runner.h"
#include "doors/otlp/decode.h"
#include "doors/otlp/proto_to_json.h"
#include "model/canonical.h"

namespace skep::otlp {
namespace {

std::vector<std::string> ProtobufFixtures() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(SKEP_SOURCE_DIR "/tests/fixtures/otlp"))
    if (entry.path().extension() == ".pb") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

class BothForms : public testing::TestWithParam<std::string> {};

TEST_P(BothForms, GiveTheSameRecords) {
  const auto body = golden::ReadFile(GetParam());
  ASSERT_TRUE(body);
  const bool logs = GetParam().find("-logs.") != std::string::npos;
  const bool metrics = GetParam().find("-metrics.") != std::string::npos;
  const SignalType signal = logs      ? SignalType::kLogs
                            : metrics ? SignalType::kMetrics
                                      : SignalType::kTraces;
  const Message& message = logs ? kLogsRequest : metrics ? kMetricsRequest : kTracesRequest;
  const auto json = ProtoToJson(*body, message);
  ASSERT_TRUE(json.has_value());
  const auto from_proto = Decode(signal, Encoding::kProtobuf, Bytes(*body), {}, {});
  const auto from_json = Decode(signal, Encoding::kJson, Bytes(*json), {}, {});
  ASSERT_TRUE(from_proto) << from_proto.error().message;
  ASSERT_TRUE(from_json) << from_json.error().message;
  EXPECT_FALSE(from_proto->records().empty());
  EXPECT_EQ(Canonical(*from_proto), Canonical(*from_json));
}

std::string TestName(const testing::TestParamInfo<std::string>& param) {
  return golden::TestNameOf(param.param);
}

INSTANTIATE_TEST_SUITE_P(Otlp, BothForms, testing::ValuesIn(ProtobufFixtures()), TestName);

TEST(JsonForm, SkipsWhatItDoesNotKnow) {
  const auto bytes = JsonToProto(
      R"({"resourceSpans":null,"resource_spans":[{}],"new":{"a":[1]},"resourceLogs":7})",
      kTracesRequest);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_TRUE(bytes->empty());
}

class BadJson : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadJson, IsRefusedWithTheFieldsName) {
  const auto bytes = JsonToProto(GetParam().first, kTracesRequest);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Code::kInvalidArgument);
  EXPECT_NE(bytes.error().message.find(GetParam().second), std::string::npos)
      << bytes.error().message;
}

#define SPAN(fields) R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" fields R"(}]}]}]})"
INSTANTIATE_TEST_SUITE_P(
    Otlp, BadJson,
    testing::Values(
        std::pair("", ""), std::pair("[]", "object"), std::pair("null", "object"),
        std::pair("{\"a\":\"\xFF\"}", ""), std::pair("{} {}", ""),
        std::pair(R"({"resourceSpans":{}})", "resourceSpans"),
        std::pair(R"({"resourceSpans":[1]})", "resourceSpans"),
        std::pair(SPAN(R"("name":1)"), "Span.name"),
        std::pair(SPAN(R"("traceId":12)"), "Span.traceId"),
        std::pair(SPAN(R"("kind":"SPAN_KIND_SERVER")"), "Span.kind"),
        std::pair(SPAN(R"("kind":2.5)"), "Span.kind"),
        std::pair(SPAN(R"("kind":4294967296)"), "Span.kind"),
        std::pair(SPAN(R"("startTimeUnixNano":-1)"), "startTimeUnixNano"),
        std::pair(SPAN(R"("startTimeUnixNano":"18446744073709551616")"), "startTimeUnixNano"),
        std::pair(SPAN(R"("startTimeUnixNano":"12 ")"), "startTimeUnixNano"),
        std::pair(SPAN(R"("startTimeUnixNano":1e300)"), "startTimeUnixNano"),
        std::pair(SPAN(R"("startTimeUnixNano":true)"), "startTimeUnixNano"),
        std::pair(SPAN(R"("attributes":{})"), "Span.attributes"),
        std::pair(SPAN(R"("attributes":[{"key":"a","value":"b"}])"), "KeyValue.value"),
        std::pair(SPAN(R"("attributes":[{"key":"a","value":{"boolValue":1}}])"), "boolValue"),
        std::pair(SPAN(R"("attributes":[{"key":"a","value":{"intValue":"x"}}])"), "intValue"),
        std::pair(SPAN(R"("attributes":[{"key":"a","value":{"doubleValue":"x"}}])"), "doubleValue"),
        std::pair(SPAN(R"("attributes":[{"key":"a","value":{"bytesValue":"*"}}])"), "base64")));
#undef SPAN

TEST(JsonForm, RefusesWhatIsNestedTooDeep) {
  std::string json = R"({"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":)";
  for (int i = 0; i < 100; ++i) json += R"({"arrayValue":{"values":[)";
  const auto bytes = JsonToProto(json, kTracesRequest);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace skep::otlp
