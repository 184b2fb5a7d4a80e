// SPDX-License-Identifier: Apache-2.0
#include "xray/sampling_rule.h"

#include <algorithm>
#include <tuple>

#include "core/json_value.h"
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

std::optional<double> NumberOf(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.Find(name);
  return value != nullptr ? value->Number() : std::nullopt;
}

// A whole number of a size that means something; nothing for anything else.
std::optional<int64_t> WholeOf(const JsonValue& object, std::string_view name) {
  const std::optional<double> number = NumberOf(object, name);
  if (!number || !(*number >= 0) || *number > 1e15) return std::nullopt;
  return static_cast<int64_t>(*number);
}

std::string PatternOf(const JsonValue& object, std::string_view name) {
  const std::string_view pattern = object.TextOf(name);
  return pattern.empty() ? "*" : std::string(pattern);
}

std::optional<SamplingRule> ParseRule(const JsonValue& record) {
  const JsonValue* object = record.Find("SamplingRule");
  if (object == nullptr) return std::nullopt;
  SamplingRule rule;
  rule.name = object->TextOf("RuleName");
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
  if (const JsonValue* attributes = object->Find("Attributes")) {
    for (const auto& [name, value] : attributes->members) {
      if (value.IsText()) rule.attributes[name] = value.text;
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
  const std::optional<JsonValue> document = JsonValue::Parse(body);
  const JsonValue* records = document ? document->Find("SamplingRuleRecords") : nullptr;
  if (records == nullptr || !records->IsArray()) return std::nullopt;
  std::vector<SamplingRule> rules;
  for (const JsonValue& record : records->elements) {
    if (rules.size() == kRulesMax) break;
    if (std::optional<SamplingRule> rule = ParseRule(record)) rules.push_back(std::move(*rule));
  }
  std::ranges::sort(rules, {}, [](const SamplingRule& rule) {
    return std::tuple(rule.priority, std::string_view(rule.name));
  });
  return rules;
}

std::optional<TargetsAnswer> ParseTargets(std::string_view body) {
  const std::optional<JsonValue> document = JsonValue::Parse(body);
  const JsonValue* list = document ? document->Find("SamplingTargetDocuments") : nullptr;
  if (list == nullptr || !list->IsArray()) return std::nullopt;
  TargetsAnswer answer;
  answer.last_modified_unix_s = NumberOf(*document, "LastRuleModification").value_or(0);
  for (const JsonValue& object : list->elements) {
    if (answer.targets.size() == kRulesMax) break;
    const std::optional<double> rate = NumberOf(object, "FixedRate");
    if (!rate) continue;
    answer.targets.push_back({std::string(object.TextOf("RuleName")), std::clamp(*rate, 0.0, 1.0),
                              WholeOf(object, "ReservoirQuota"),
                              WholeOf(object, "ReservoirQuotaTTL"), WholeOf(object, "Interval")});
  }
  return answer;
}

}  // namespace skep::sdk::xray
