// SPDX-License-Identifier: Apache-2.0
// SKEP_GOLDEN_SUITE: the GoogleTest suite over a door's golden cases, a test for each file. Only a
// door's golden_test.cc uses it, once, in a namespace without name:
//   SKEP_GOLDEN_SUITE(Otlp, "otlp", MakeHarness)
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "doors/golden/runner.h"

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): GoogleTest's suites are made by macros.
#define SKEP_GOLDEN_SUITE(suite, door, make_harness)                                            \
  class Golden : public ::testing::TestWithParam<std::string> {};                               \
  TEST_P(Golden, Holds) { EXPECT_EQ(::skep::golden::RunCase(GetParam(), make_harness()), ""); } \
  INSTANTIATE_TEST_SUITE_P(suite, Golden, ::testing::ValuesIn(::skep::golden::CasesOf(door)),   \
                           [](const ::testing::TestParamInfo<std::string>& param) {             \
                             return ::skep::golden::TestNameOf(param.param);                    \
                           })
