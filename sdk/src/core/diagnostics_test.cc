// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/diagnostics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace skep::sdk {
namespace {

using testing::ElementsAre;

TEST(Diagnostics, TheHandlerGetsWhatIsBadEnough) {
  std::vector<std::string> lines;
  SetDiagnosticHandler([&](DiagnosticLevel, std::string_view line) { lines.emplace_back(line); },
                       DiagnosticLevel::kInfo);
  Diagnose(DiagnosticLevel::kError, "error");
  Diagnose(DiagnosticLevel::kInfo, "info");
  Diagnose(DiagnosticLevel::kInfo, "info");
  Diagnose(DiagnosticLevel::kDebug, "debug");
  SetDiagnosticHandler(nullptr);
  EXPECT_THAT(lines, ElementsAre("error", "info", "info"));
}

TEST(Diagnostics, AHandlerMayDiagnose) {
  std::vector<std::string> lines;
  SetDiagnosticHandler([&](DiagnosticLevel, std::string_view line) {
    lines.emplace_back(line);
    if (line == "outer") Diagnose(DiagnosticLevel::kError, "inner");
  });
  Diagnose(DiagnosticLevel::kError, "outer");
  SetDiagnosticHandler(nullptr);
  EXPECT_THAT(lines, ElementsAre("outer", "inner"));
}

TEST(Diagnostics, AHandlerThatThrowsHurtsNobody) {
  SetDiagnosticHandler([](DiagnosticLevel, std::string_view) { throw 5; });
  EXPECT_NO_THROW(Diagnose(DiagnosticLevel::kError, "x"));
  SetDiagnosticHandler(nullptr);
}

TEST(Diagnostics, StderrGetsEachKindOnce) {
  testing::internal::CaptureStderr();
  Diagnose(DiagnosticLevel::kWarn, "3 spans were rejected");
  Diagnose(DiagnosticLevel::kWarn, "17 spans were rejected");
  Diagnose(DiagnosticLevel::kError, "something else");
  Diagnose(DiagnosticLevel::kInfo, "not bad enough");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "skep-sdk: warning: 3 spans were rejected\nskep-sdk: error: something else\n");
}

TEST(Diagnostics, ManyKindsAreBounded) {
  testing::internal::CaptureStderr();
  for (int i = 0; i < 1000; ++i)
    Diagnose(DiagnosticLevel::kWarn, std::string(static_cast<size_t>(i % 79), 'x'));
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 64);
}

}  // namespace
}  // namespace skep::sdk
