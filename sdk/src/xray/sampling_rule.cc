// SPDX-License-Identifier: Apache-2.0
#include "xray/sampling_rule.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <tuple>

#include "xray/wildcard.h"

namespace skep::sdk::xray {
namespace {

constexpr size_t kRulesMax = 1000;  // X-Ray allows 25 a region

bool Fits(std::string_view pattern, std::string_view text, bool unknown_fits) {
  if (pattern == "*" || (text.empty() && unknown_fits)) return true;
  return !text.empty() && WildcardMatch(pattern, text);
}

bool HasAttribute(Attributes attributes, std::string_view key, std::string_view pattern) {
  return std::ranges::any_of(attributes, [&](const Attribute& attribute) {
    const auto* text = std::get_if<std::string_view>(&attribute.second.Get());
    return attribute.first == key && text != nullptr && WildcardMatch(pattern, *text);
  });
}

// The JSON is read with errors, not exceptions, and its depth is bounded by the iterative parser.
bool ParseObject(std::string_view body, rapidjson::Document& document) {
  document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  return !document.HasParseError() && document.IsObject();
}

const rapidjson::Value* Find(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  return member != object.MemberEnd() && !member->value.IsNull() ? &member->value : nullptr;
}

std::optional<double> NumberOf(const rapidjson::Value& object, const char* name) {
  const rapidjson::Value* value = Find(object, name);
  return value != nullptr && value->IsNumber() ? std::optional(value->GetDouble()) : std::nullopt;
}

// A whole number of a size that means something; nothing for anything else.
std::optional<int64_t> WholeOf(const rapidjson::Value& object, const char* name) {
  const std::optional<double> number = NumberOf(object, name);
  if (!number || !(*number >= 0) || *number > 1e15) return std::nullopt;
  return static_cast<int64_t>(*number);
}

std::string TextOf(const rapidjson::Value& object, const char* name) {
  const rapidjson::Value* value = Find(object, name);
  return value != nullptr && value->IsString()
             ? std::string(value->GetString(), value->GetStringLength())
             : "";
}

std::string PatternOf(const rapidjson::Value& object, const char* name) {
  std::string pattern = TextOf(object, name);
  return pattern.empty() ? "*" : pattern;
}

std::optional<SamplingRule> ParseRule(const rapidjson::Value& record) {
  const rapidjson::Value* object = record.IsObject() ? Find(record, "SamplingRule") : nullptr;
  if (object == nullptr || !object->IsObject()) return std::nullopt;
  SamplingRule rule;
  rule.name = TextOf(*object, "RuleName");
  if (rule.name.empty() || WholeOf(*object, "Version") != 1) return std::nullopt;
  rule.priority = WholeOf(*object, "Priority").value_or(10000);
  rule.fixed_rate = std::clamp(NumberOf(*object, "FixedRate").value_or(0), 0.0, 1.0);
  rule.reservoir_size = WholeOf(*object, "ReservoirSize").value_or(0);
  rule.host = PatternOf(*object, "Host");
  rule.method = PatternOf(*object, "HTTPMethod");
  rule.url_path = PatternOf(*object, "URLPath");
  rule.service = PatternOf(*object, "ServiceName");
  rule.service_type = PatternOf(*object, "ServiceType");
  rule.resource_arn = PatternOf(*object, "ResourceARN");
  if (const rapidjson::Value* attributes = Find(*object, "Attributes");
      attributes != nullptr && attributes->IsObject()) {
    for (const auto& member : attributes->GetObject()) {
      if (member.value.IsString())
        rule.attributes[member.name.GetString()] = member.value.GetString();
    }
  }
  return rule;
}

}  // namespace

bool Matches(const SamplingRule& rule, const RuleQuery& asked) {
  const SamplingQuery& query = asked.query;
  const bool lenient = asked.unknown_fits;
  if (!Fits(rule.host, query.host, lenient) || !Fits(rule.method, query.method, lenient) ||
      !Fits(rule.url_path, query.url_path, lenient) ||
      !Fits(rule.service, query.service, lenient) ||
      !Fits(rule.service_type, query.service_type, lenient) ||
      !Fits(rule.resource_arn, query.resource_arn, false)) {
    return false;
  }
  return std::ranges::all_of(rule.attributes, [&](const auto& wanted) {
    return HasAttribute(asked.attributes, wanted.first, wanted.second);
  });
}

std::optional<std::vector<SamplingRule>> ParseRules(std::string_view body) {
  rapidjson::Document document;
  if (!ParseObject(body, document)) return std::nullopt;
  const rapidjson::Value* records = Find(document, "SamplingRuleRecords");
  if (records == nullptr || !records->IsArray()) return std::nullopt;
  std::vector<SamplingRule> rules;
  for (const auto& record : records->GetArray()) {
    if (rules.size() == kRulesMax) break;
    if (std::optional<SamplingRule> rule = ParseRule(record)) rules.push_back(std::move(*rule));
  }
  std::ranges::sort(rules, {}, [](const SamplingRule& rule) {
    return std::tuple(rule.priority, std::string_view(rule.name));
  });
  return rules;
}

std::optional<TargetsAnswer> ParseTargets(std::string_view body) {
  rapidjson::Document document;
  if (!ParseObject(body, document)) return std::nullopt;
  const rapidjson::Value* list = Find(document, "SamplingTargetDocuments");
  if (list == nullptr || !list->IsArray()) return std::nullopt;
  TargetsAnswer answer;
  answer.last_modified_unix_s = NumberOf(document, "LastRuleModification").value_or(0);
  for (const auto& object : list->GetArray()) {
    if (!object.IsObject() || answer.targets.size() == kRulesMax) continue;
    const std::optional<double> rate = NumberOf(object, "FixedRate");
    if (!rate) continue;
    answer.targets.push_back({TextOf(object, "RuleName"), std::clamp(*rate, 0.0, 1.0),
                              WholeOf(object, "ReservoirQuota"),
                              WholeOf(object, "ReservoirQuotaTTL"), WholeOf(object, "Interval")});
  }
  return answer;
}

}  // namespace skep::sdk::xray
