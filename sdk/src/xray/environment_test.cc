// SPDX-License-Identifier: Apache-2.0
// The environment variables of X-Ray's SDKs.
#include <gtest/gtest.h>

#include <cstdlib>

#include "xray/daemon_address.h"
#include "xray/enabled.h"
#include "xray/test_documents.h"

namespace skep::sdk::xray {
namespace {

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(Environment, NamesSegments) {
  const Variable variable("AWS_XRAY_TRACING_NAME", "from environment");
  TestRecorder test;
  test.recorder.BeginSegment().End();
  EXPECT_EQ(TextAt(test.emitter->TakeOne(), "name"), "from environment");
  test.recorder.BeginSegment("own").End();
  EXPECT_EQ(TextAt(test.emitter->TakeOne(), "name"), "own");
}

TEST(Environment, SwitchesEverythingOff) {
  const Variable variable("AWS_XRAY_SDK_ENABLED", "False");
  TestRecorder test;
  {
    auto segment = test.recorder.InSegment();
    auto part = test.recorder.InSubsegment("a");
    part->PutAnnotation("a", 1);
    EXPECT_FALSE(part->IsSampled());
    EXPECT_EQ(test.recorder.TraceHeaderText(), "");
  }
  EXPECT_TRUE(test.emitter->Take().empty());
  EXPECT_EQ(test.recorder.Stats().context_missing, 0u);
  EXPECT_EQ(ReadEnabled("off"), false);
  EXPECT_EQ(ReadEnabled("Y"), true);
  EXPECT_EQ(ReadEnabled("maybe"), std::nullopt);
}

TEST(Environment, SaysWhatHappensWithoutASegment) {
  int calls = 0;
  const RecorderOptions options{.service = "shop",
                                .context_missing_handler = [&](std::string_view) { ++calls; }};
  {
    const Variable variable("AWS_XRAY_CONTEXT_MISSING", "RUNTIME_ERROR");
    TestRecorder test(options);
    test.recorder.PutAnnotation("a", 1);
    EXPECT_EQ(calls, 1);
  }
  const Variable variable("AWS_XRAY_CONTEXT_MISSING", "IGNORE_ERROR");
  TestRecorder test(options);
  test.recorder.PutAnnotation("a", 1);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(test.recorder.Stats().context_missing, 1u);
}

TEST(Environment, SaysWhereTheDaemonIs) {
  EXPECT_EQ(DaemonAddressText(""), "127.0.0.1:2000");
  EXPECT_EQ(DaemonAddressText("h:1"), "h:1");
  const Variable variable("AWS_XRAY_DAEMON_ADDRESS", "e:2");
  EXPECT_EQ(DaemonAddressText("h:1"), "e:2");
}

}  // namespace
}  // namespace skep::sdk::xray
