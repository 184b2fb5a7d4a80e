// SPDX-License-Identifier: Apache-2.0
#include "doors/xray/sampling.h"

#include <array>
#include <vector>

#include "base/clock.h"
#include "wire/json.h"

namespace skep::xray {
namespace {

constexpr std::string_view kRuleName = "Default";
constexpr double kFixedRate = 1.0;
constexpr int kReservoirSize = 1;  // SDKs borrow one request a second until they have a target
constexpr int kReportIntervalS = 10;
constexpr int64_t kQuotaS = 300;
constexpr size_t kStatisticsMax = 25;  // by the service's model
// When the rule last changed. SDKs fetch rules again when this is newer than theirs; Node takes 0
// for missing.
constexpr int64_t kRuleModifiedS = 1'700'000'000;

Error NoJson(std::string message) { return {Code::kFailedPrecondition, std::move(message)}; }
Error Invalid(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

Result<JsonDocument> ParseObject(std::string_view body) {
  auto document = JsonDocument::Parse(body);
  if (!document) return NoJson("the body is no JSON");
  if (!document->root().IsObject()) return NoJson("the body is no JSON object");
  return document;
}

void WriteRule(JsonWriter* writer) {
  writer->BeginObject();
  writer->Field("RuleName", kRuleName);
  writer->Field("RuleARN", "arn:aws:xray:us-east-1:000000000000:sampling-rule/Default");
  writer->Field("ResourceARN", "*");
  writer->Field("Priority", 10000);
  writer->Field("FixedRate", kFixedRate);
  writer->Field("ReservoirSize", kReservoirSize);
  for (const char* name : {"ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"})
    writer->Field(name, "*");
  writer->Field("Version", 1);
  writer->Key("Attributes");  // Node drops a rule without them, Python one with any
  writer->BeginObject();
  writer->EndObject();
  writer->EndObject();
}

// What the service's model requires of one report.
Status CheckStatistics(JsonView statistics) {
  if (!statistics.IsObject()) return NoJson("SamplingStatisticsDocuments holds no objects");
  for (const char* name : {"RuleName", "ClientID"})
    if (statistics[name].text().empty())
      return Invalid(std::string(name) + " is missing in a SamplingStatisticsDocument");
  for (const char* name : {"Timestamp", "RequestCount", "SampledCount"})
    if (!statistics[name].IsNumber())
      return Invalid(std::string(name) + " is missing in a SamplingStatisticsDocument");
  for (const char* name : {"RequestCount", "SampledCount", "BorrowCount"})
    if (statistics[name].float64() < 0) return Invalid(std::string(name) + " is negative");
  return {};
}

void WriteTarget(int64_t now_ns, JsonWriter* writer) {
  writer->BeginObject();
  writer->Field("RuleName", kRuleName);
  writer->Field("FixedRate", kFixedRate);
  writer->Field("ReservoirQuota", kReservoirSize);
  writer->Field("ReservoirQuotaTTL", now_ns / kNsPerS + kQuotaS);
  writer->Field("Interval", kReportIntervalS);
  writer->EndObject();
}

void WriteUnprocessed(std::string_view rule, JsonWriter* writer) {
  writer->BeginObject();
  writer->Field("RuleName", rule);
  writer->Field("ErrorCode", "400");  // clients look at its first digit: 5 means try again
  writer->Field("Message", "there is no such rule");
  writer->EndObject();
}

}  // namespace

Result<std::string> SamplingRules(std::string_view body) {
  if (!body.empty()) {
    SKEP_ASSIGN(const JsonDocument request, ParseObject(body));
    if (!request.root()["NextToken"].text().empty()) return Invalid("the NextToken is not valid");
  }
  JsonWriter writer;
  writer.BeginObject();
  writer.Key("SamplingRuleRecords");
  writer.BeginArray();
  writer.BeginObject();
  writer.Key("SamplingRule");
  WriteRule(&writer);
  writer.Field("CreatedAt", 0);
  writer.Field("ModifiedAt", kRuleModifiedS);
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

Result<std::string> SamplingTargets(std::string_view body, int64_t now_ns) {
  SKEP_ASSIGN(const JsonDocument request, ParseObject(body));
  const JsonView list = request.root()["SamplingStatisticsDocuments"];
  if (list.type() == JsonType::kNull)
    return Invalid(
        "1 validation error detected: Value null at 'samplingStatisticsDocuments' failed to "
        "satisfy constraint: Member must not be null");
  if (!list.IsArray()) return NoJson("SamplingStatisticsDocuments is no list");
  if (list.size() > kStatisticsMax)
    return Invalid(
        "1 validation error detected: Value at 'samplingStatisticsDocuments' failed to satisfy "
        "constraint: Member must have length less than or equal to 25");
  bool reported = false;
  std::vector<std::string_view> unknown;
  for (size_t i = 0; i < list.size(); ++i) {
    SKEP_TRY(CheckStatistics(list.At(i)));
    const std::string_view rule = list.At(i)["RuleName"].text();
    if (rule == kRuleName) {
      reported = true;
    } else {
      unknown.push_back(rule);
    }
  }
  JsonWriter writer;
  writer.BeginObject();
  writer.Key("SamplingTargetDocuments");
  writer.BeginArray();
  if (reported) WriteTarget(now_ns, &writer);
  writer.EndArray();
  writer.Field("LastRuleModification", kRuleModifiedS);
  writer.Key("UnprocessedStatistics");
  writer.BeginArray();
  for (const std::string_view rule : unknown) WriteUnprocessed(rule, &writer);
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

}  // namespace skep::xray
