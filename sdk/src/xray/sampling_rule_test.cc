// SPDX-License-Identifier: Apache-2.0
#include "xray/sampling_rule.h"

#include <gtest/gtest.h>

#include "xray/span_query.h"

namespace skep::sdk::xray {
namespace {

constexpr const char* kRules = R"({"NextToken": null, "SamplingRuleRecords": [
  {"CreatedAt": 0.0, "ModifiedAt": 1, "SamplingRule": {"RuleName": "Default", "RuleARN": "arn:x", "Priority": 10000,
    "FixedRate": 0.05, "ReservoirSize": 1, "Host": "*", "HTTPMethod": "*", "URLPath": "*", "ServiceName": "*",
    "ServiceType": "*", "ResourceARN": "*", "Attributes": {}, "Version": 1}},
  {"SamplingRule": {"RuleName": "b", "Priority": 5, "FixedRate": 1.5, "ReservoirSize": 0, "Host": "*.example.com",
    "HTTPMethod": "POST", "URLPath": "/api/*", "ServiceName": "shop", "ServiceType": "AWS::EC2::Instance",
    "ResourceARN": "arn:aws:ecs:*", "Attributes": {"tenant": "gold*"}, "Version": 1}},
  {"SamplingRule": {"RuleName": "a", "Priority": 5, "FixedRate": 0.5, "ReservoirSize": 3, "Version": 1}},
  {"SamplingRule": {"RuleName": "of another version", "Version": 2}},
  {"SamplingRule": {"Priority": 1, "Version": 1}}, {"SamplingRule": null}, 7]})";

TEST(SamplingRule, IsReadInTheOrderOfTrying) {
  const auto rules = ParseRules(kRules);
  ASSERT_TRUE(rules);
  ASSERT_EQ(rules->size(), 3u);
  EXPECT_EQ((*rules)[0].name, "a");
  EXPECT_EQ((*rules)[0].reservoir_size, 3);
  EXPECT_EQ((*rules)[0].host, "*");
  EXPECT_EQ((*rules)[1].name, "b");
  EXPECT_EQ((*rules)[1].fixed_rate, 1.0);
  EXPECT_EQ((*rules)[1].attributes.at("tenant"), "gold*");
  EXPECT_TRUE((*rules)[2].IsDefault());
}

TEST(SamplingRule, RefusesOtherAnswers) {
  for (const char* body : {"", "[]", "null", "{}", "{\"SamplingRuleRecords\":{}}", "<html>",
                           "{\"SamplingRuleRecords\":["}) {
    EXPECT_FALSE(ParseRules(body)) << body;
  }
  for (const char* body : {"", "[]", "{}", "{\"SamplingTargetDocuments\":1}"})
    EXPECT_FALSE(ParseTargets(body)) << body;
  EXPECT_FALSE(ParseRules(std::string(1 << 20, '[')));
}

TEST(SamplingRule, ReadsTargets) {
  const auto answer = ParseTargets(R"({"LastRuleModification": 1.5e9, "SamplingTargetDocuments": [
    {"RuleName": "a", "FixedRate": 0.25, "ReservoirQuota": 7, "ReservoirQuotaTTL": 1500000010.0, "Interval": 20},
    {"RuleName": "b", "FixedRate": 0, "ReservoirQuota": -1, "ReservoirQuotaTTL": null, "Interval": 1e300},
    {"RuleName": "without a rate"}, 3], "UnprocessedStatistics": []})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->last_modified_unix_s, 1.5e9);
  ASSERT_EQ(answer->targets.size(), 2u);
  EXPECT_EQ(answer->targets[0].quota, 7);
  EXPECT_EQ(answer->targets[0].quota_until_unix_s, 1500000010);
  EXPECT_EQ(answer->targets[0].interval_s, 20);
  EXPECT_FALSE(answer->targets[1].quota || answer->targets[1].quota_until_unix_s ||
               answer->targets[1].interval_s);
}

// A query that the rule "b" above fits in every respect.
SamplingQuery Fitting() {
  return {.service = "shop",
          .service_type = "AWS::EC2::Instance",
          .host = "api.example.com",
          .method = "post",
          .url_path = "/api/x",
          .resource_arn = "arn:aws:ecs:eu:1"};
}

TEST(SamplingRule, MatchesInEveryRespect) {
  const SamplingRule rule = (*ParseRules(kRules))[1];
  const Attribute gold("tenant", "gold-1");
  const auto matches = [&](const SamplingQuery& query, bool unknown_fits = false) {
    return Matches(rule, {query, unknown_fits, Attributes(&gold, 1)});
  };
  EXPECT_TRUE(matches(Fitting()));
  for (auto field : {&SamplingQuery::service, &SamplingQuery::service_type, &SamplingQuery::host,
                     &SamplingQuery::method, &SamplingQuery::url_path}) {
    SamplingQuery query = Fitting();
    query.*field = "other";
    EXPECT_FALSE(matches(query));
    query.*field = "";
    EXPECT_FALSE(matches(query));
    EXPECT_TRUE(matches(query, true));
  }
  SamplingQuery query = Fitting();
  query.resource_arn = "";
  EXPECT_FALSE(matches(query, true));
  const Attribute silver("tenant", "silver");
  EXPECT_FALSE(Matches(rule, {Fitting(), false, Attributes(&silver, 1)}));
  EXPECT_FALSE(Matches(rule, {Fitting(), false, {}}));
}

TEST(SpanQuery, ReadsTheConventionsNewAndOld) {
  const SpanResource none;
  const Attribute fresh[] = {
      {"http.request.method", "GET"}, {"url.path", "/a"}, {"server.address", "h"}, {"n", 1}};
  const SpanQuery query(none, fresh);
  EXPECT_EQ(query.Asked().query.method, "GET");
  EXPECT_EQ(query.Asked().query.url_path, "/a");
  EXPECT_EQ(query.Asked().query.host, "h");
  const Attribute old[] = {{"http.method", "PUT"}, {"http.target", "/b?x=1"}, {"http.host", "g"}};
  const SpanQuery older(none, old);
  EXPECT_EQ(older.Asked().query.method, "PUT");
  EXPECT_EQ(older.Asked().query.url_path, "/b");
  EXPECT_EQ(older.Asked().query.host, "g");
}

TEST(SpanQuery, TakesThePathOfAUrl) {
  const auto path = [](std::string_view url) {
    const Attribute attribute("url.full", url);
    return std::string(SpanQuery({}, Attributes(&attribute, 1)).Asked().query.url_path);
  };
  EXPECT_EQ(path("https://h:1/a/b?c#d"), "/a/b");
  EXPECT_EQ(path("https://h"), "/");
  EXPECT_EQ(path("https://h?x=/y"), "/");
  EXPECT_EQ(path("mailto:x"), "");
}

TEST(SpanQuery, KnowsTheResource) {
  Resource resource;
  resource.attributes["service.name"] = "shop";
  resource.attributes["cloud.platform"] = "aws_ecs";
  resource.attributes["aws.ecs.container.arn"] = "arn:1";
  const SpanResource read = SpanResource::Of(resource);
  EXPECT_EQ(read.service, "shop");
  EXPECT_EQ(read.service_type, "AWS::ECS::Container");
  EXPECT_EQ(read.arn, "arn:1");
}

}  // namespace
}  // namespace skep::sdk::xray
