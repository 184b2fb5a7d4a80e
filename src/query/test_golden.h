// SPDX-License-Identifier: Apache-2.0
// SKEP_GOLDEN_STATEMENTS: the GoogleTest suite over golden cases of a planner. The statement of
// each is the one that its file has, and the engine takes it. Only a planner's golden_test.cc uses
// it, once, in a namespace without name:
//   Result<Statement> Plan(const golden::CaseFile& file);
//   SKEP_GOLDEN_STATEMENTS(Explore, "explore", Plan, testing::Spell)
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "doors/golden/suite.h"
#include "model/statement.h"
#include "store/testing.h"

namespace skep::testing {

using PlanCase = Result<Statement> (*)(const golden::CaseFile&);

// The SQL, and a line for each bound value.
inline std::string Spell(const Statement& statement) {
  std::string text = statement.sql;
  for (const auto& [name, value] : statement.parameters) text += "\n  " + name + " = " + value;
  return text;
}

inline golden::Harness HarnessOf(PlanCase plan, std::string (*spell)(const Statement&)) {
  golden::Harness harness;
  harness.plan = [plan, spell](const golden::CaseFile& file) -> Result<std::string> {
    SKEP_ASSIGN(const Statement statement, plan(file));
    return spell(statement);
  };
  return harness;
}

// A case whose question is refused has no statement.
inline void TheEngineTakesTheCase(const std::string& path, PlanCase plan) {
  const auto text = golden::ReadFile(path);
  ASSERT_TRUE(text);
  const auto file = golden::ParseCase(*text);
  ASSERT_TRUE(file);
  const auto statement = plan(*file);
  if (!statement) return;
  SKEP_OPEN_TEST_STORE(store);
  const auto table = store->Query(*statement);
  EXPECT_TRUE(table) << table.error().message << ": " << table.error().detail;
}

}  // namespace skep::testing

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): GoogleTest's suites are made by macros.
#define SKEP_GOLDEN_STATEMENTS(suite, folder, plan, spell)                  \
  golden::Harness MakeHarness() { return testing::HarnessOf(plan, spell); } \
  SKEP_GOLDEN_SUITE(suite, folder, MakeHarness);                            \
  TEST_P(Golden, TheEngineTakesIt) { testing::TheEngineTakesTheCase(GetParam(), plan); }
