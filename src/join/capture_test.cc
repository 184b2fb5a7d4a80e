// SPDX-License-Identifier: Apache-2.0
// The joiner on what both SDKs of the sample app really sent, times of arrival included.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "join/testing.h"

namespace skep::join {
namespace {

using testing::Judge;
using testing::Play;
using testing::Score;

struct Capture {
  std::vector<RequestCandidate> requests;
  size_t segments = 0;
};

Capture Load(const std::string& name) {
  std::ifstream file(SKEP_SOURCE_DIR "/tests/fixtures/join/" + name);
  Capture capture;
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    char door = 0;
    uint64_t number = 0;
    int64_t start_ns = 0, end_ns = 0, receive_ns = 0;
    fields >> door >> number >> start_ns >> end_ns >> receive_ns;
    capture.segments += door == 'S' ? 1 : 0;
    capture.requests.push_back(door == 'S' ? testing::Segment(number, start_ns, end_ns, receive_ns)
                                           : testing::Span(number, start_ns, end_ns, receive_ns));
  }
  return capture;
}

Score JoinCapture(const std::string& name, size_t* segments) {
  const Capture capture = Load(name);
  *segments = capture.segments;
  EXPECT_GT(capture.segments, 0u) << name;
  JoinWindow window({});
  const Score score = Judge(Play(&window, capture.requests), capture.requests);
  ::testing::Test::RecordProperty("found", static_cast<int>(score.found));
  ::testing::Test::RecordProperty("latest_ms", static_cast<int>(score.latest_ns / kNsPerMs));
  return score;
}

TEST(CaptureTest, OneClientAtATimeIsFoundWhole) {
  size_t segments = 0;
  const Score score = JoinCapture("sample-app-1-clients.txt", &segments);
  EXPECT_EQ(score.wrong, 0u);
  EXPECT_EQ(score.found, segments);
}

TEST(CaptureTest, FourClientsAtOnce) {
  size_t segments = 0;
  const Score score = JoinCapture("sample-app-4-clients.txt", &segments);
  EXPECT_EQ(score.wrong, 0u);
  EXPECT_GE(score.found * 100, segments * 99);
}

TEST(CaptureTest, SixteenClientsAtOnce) {
  size_t segments = 0;
  const Score score = JoinCapture("sample-app-16-clients.txt", &segments);
  EXPECT_EQ(score.wrong, 0u);
  EXPECT_GE(score.found * 100, segments * 98);
}

// Six other programs took turns with the app on two cores: gaps up to 265 ms.
TEST(CaptureTest, SixteenClientsAndStalls) {
  size_t segments = 0;
  const Score score = JoinCapture("sample-app-16-clients-stalled.txt", &segments);
  EXPECT_EQ(score.wrong, 0u);
  EXPECT_GE(score.found * 100, segments * 98);
}

// What is joined, is joined while people still look.
TEST(CaptureTest, JoinsComeWithinSeconds) {
  for (const char* name : {"sample-app-1-clients.txt", "sample-app-16-clients.txt"}) {
    const Capture capture = Load(name);
    JoinWindow window({});
    const auto joins = Play(&window, capture.requests);
    std::map<TraceId, int64_t> arrived;
    for (const RequestCandidate& request : capture.requests)
      arrived[request.trace_id] = request.receive_ns;
    size_t soon = 0;
    for (const auto& [when_ns, join] : joins)
      if (when_ns - arrived[join.guest_trace_id] < 8 * kNsPerS) ++soon;
    EXPECT_GE(soon * 100, joins.size() * 98) << name;
  }
}

}  // namespace
}  // namespace skep::join
