// SPDX-License-Identifier: Apache-2.0
#include "sql_endpoint/request.h"

#include <gtest/gtest.h>

namespace skep::sql_endpoint {
namespace {

net::Request Get(std::string query) {
  net::Request request;
  request.method = "GET";
  request.path = "/";
  request.query = std::move(query);
  return request;
}

TEST(RequestTest, TakesTheUrlApart) {
  const auto query = ParseQueryRequest(
      Get("query=SELECT+%7Ba%3AUInt8%7D&param_a=1&default_format=JSON&max_threads=2&database=x&"
          "user=u&password=p&session_id=s&max_execution_time=1.5"),
      true);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->sql, "SELECT {a:UInt8}");
  EXPECT_EQ(query->default_format, "JSON");
  EXPECT_EQ(query->parameters, (FormattedQuery::Pairs{{"a", "1"}}));
  EXPECT_EQ(query->settings,
            (FormattedQuery::Pairs{{"max_threads", "2"}, {"max_execution_time", "1.5"}}));
  EXPECT_EQ(query->deadline_ms, 1500);
  EXPECT_TRUE(query->read_only);
  EXPECT_TRUE(query->database.empty());
}

TEST(RequestTest, Refuses) {
  EXPECT_FALSE(ParseQueryRequest(Get("max_threads=1"), true));
  EXPECT_FALSE(ParseQueryRequest(Get("query=SELECT+1&a%20b=1"), true));
  EXPECT_FALSE(ParseQueryRequest(Get("query=SELECT+1&readonly=0"), true));
  EXPECT_FALSE(ParseQueryRequest(Get("query=SELECT+1&max_execution_time=soon"), true));
  EXPECT_FALSE(ParseQueryRequest(Get("query=SELECT+1&compress=1"), true));
  EXPECT_TRUE(ParseQueryRequest(Get("query=SELECT+1&compress=0"), true));
}

TEST(RequestTest, FindsTheFormat) {
  EXPECT_EQ(FormatOf("SELECT 1", "TSV"), "TSV");
  EXPECT_EQ(FormatOf("SELECT 1 format JSON", "TSV"), "JSON");
  EXPECT_EQ(FormatOf("SELECT 1 FORMAT CSV SETTINGS max_threads = 1", "TSV"), "CSV");
  EXPECT_EQ(FormatOf("SELECT 'FORMAT JSON', `FORMAT CSV` -- FORMAT XML\n", "TSV"), "TSV");
  EXPECT_EQ(FormatOf("SELECT 'it''s \\' FORMAT JSON' /* FORMAT XML */ FORMAT", "TSV"), "TSV");
}

}  // namespace
}  // namespace skep::sql_endpoint
