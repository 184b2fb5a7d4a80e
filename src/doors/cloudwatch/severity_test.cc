// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/severity.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace skep::cloudwatch {
namespace {

TEST(SeverityTest, OfLinesAsLibrariesWriteThem) {
  const std::pair<const char*, int> cases[] = {
      {"ERROR:root:boom", 17},
      {"INFO:     127.0.0.1:50000 - \"GET / HTTP/1.1\" 200 OK", 9},
      {"2026-11-24 12:00:00,123 - app.views - WARNING - slow", 13},
      {"2026-11-24 12:00:00,123 app.views ERROR something", 17},
      {"2026-11-24 12:00:00 +0000 [7] DEBUG: x", 5},
      {"[2026-11-24 12:00:00 +0000] [123] [INFO] Booting worker", 9},
      {"[2026-11-24T12:00:00Z WARN  app] x", 13},
      {"12:00:00.123 [main] ERROR c.e.Service - failed", 17},
      {"2026-11-24T12:00:00.000Z\t3b0c-11\tERROR\tInvoke", 17},
      {"[ERROR]\t2026-11-24T12:00:00.000Z\tid\tboom", 17},
      {"[ERROR] KeyError: 'x'\nTraceback", 17},
      {"[12:00:00 INF] started", 9},
      {"2026/11/24 12:00:00 [error] 1#1: *1 open() failed", 17},
      {"ts=1 level=warn msg=\"x\"", 13},
      {"time=\"2026\" level=\"fatal\" msg=x", 21},
      {"severity: ERROR where: there", 17},
      {"E1124 12:00:00.000000       1 main.go:12] boom", 17},
      {"W1124 12:00:00.000000 1 x", 13},
      {"error: no such file", 17},
      {"CRITICAL disk full", 21},
      {"app | NOTICE | x", 10},
      {"FATAL", 21},
  };
  for (const auto& [line, expected] : cases) EXPECT_EQ(SeverityOfText(line), expected) << line;
}

TEST(SeverityTest, WordsOfTheMessageDoNotCount) {
  for (const char* line :
       {"", "HomeActivities", "127.0.0.1 GET /error? 500 INTERNAL SERVER ERROR", "the ERROR page",
        "errors: 5", "INFORMED: yes", "an error: in the middle", "no level=high here",
        "my_level=x error", "Traceback (most recent call last):", "x\nERROR: second line",
        "user said ERROR", "E1124x 12:00", "warning signs", "level = ", "[errors]",
        "sublevel=error", "activity created by ERROR in 0.123 s"})
    EXPECT_EQ(SeverityOfText(line), 0) << line;
}

TEST(SeverityTest, OfFields) {
  EXPECT_EQ(SeverityOfField("level", Value::String("ERROR")), 17);
  EXPECT_EQ(SeverityOfField("Level", Value::String("Information")), 9);
  EXPECT_EQ(SeverityOfField("log.level", Value::String("warn")), 13);
  EXPECT_EQ(SeverityOfField("severity", Value::String("CRITICAL")), 21);
  EXPECT_EQ(SeverityOfField("level", Value::Int(30)), 9);
  EXPECT_EQ(SeverityOfField("level", Value::Int(60)), 21);
  EXPECT_EQ(SeverityOfField("level", Value::Int(3)), 17);
  EXPECT_EQ(SeverityOfField("levelno", Value::Int(30)), 13);
  EXPECT_EQ(SeverityOfField("levelno", Value::Int(50)), 21);
  EXPECT_EQ(SeverityOfField("severity_number", Value::Int(24)), 24);
  EXPECT_EQ(SeverityOfField("severity_number", Value::Int(25)), 0);
  EXPECT_EQ(SeverityOfField("levelno", Value::Int(-1)), 0);
  EXPECT_EQ(SeverityOfField("level", Value::Int(8)), 0);
  EXPECT_EQ(SeverityOfField("level", Value::Int(61)), 0);
  EXPECT_EQ(SeverityOfField("level", Value::String("high")), 0);
  EXPECT_EQ(SeverityOfField("level", Value::Bool(true)), 0);
  EXPECT_EQ(SeverityOfField("status", Value::String("error")), 0);
}

}  // namespace
}  // namespace skep::cloudwatch
