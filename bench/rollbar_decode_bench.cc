// SPDX-License-Identifier: Apache-2.0
// How many items, as the SDKs for Python, Node, Go, Java and browsers send them, one core decodes,
// and what of that is the grouping.
// link: doors/rollbar
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "doors/rollbar/decode.h"
#include "doors/rollbar/occurrence_reader.h"
#include "errors/grouping.h"

namespace {

std::string ReadFixture(const std::string& name) {
  std::ifstream in(SKEP_SOURCE_DIR "/tests/fixtures/rollbar/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void RunDecode(benchmark::State& state, const std::vector<std::string>& names) {
  std::vector<std::string> bodies;
  for (const std::string& name : names) bodies.push_back(ReadFixture(name));
  const skep::Limits limits;
  size_t at = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    const std::string& body = bodies[at++ % bodies.size()];
    bytes += static_cast<int64_t>(body.size());
    auto batch = skep::rollbar::Decode(skep::Bytes(body), {1'795'521'600'000'000'000, {}}, limits);
    if (!batch) state.SkipWithError("an item was refused");
    benchmark::DoNotOptimize(batch->records().data());
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(bytes);
}

void BM_DecodeAll(benchmark::State& state) {
  RunDecode(state, {"pyrollbar-app.1.json", "pyrollbar-app.2.json", "rollbar-js-node.4.json",
                    "rollbar-go.1.json", "rollbar-java.1.json", "rollbar-js-browser.4.json"});
}
void BM_DecodeFlaskException(benchmark::State& state) {
  RunDecode(state, {"pyrollbar-app.2.json"});
}
void BM_DecodeNodeException(benchmark::State& state) {
  RunDecode(state, {"rollbar-js-node.4.json"});
}
void BM_DecodeMessage(benchmark::State& state) { RunDecode(state, {"pyrollbar-msg.1.json"}); }

// The occurrence of one file, read once; only its group is worked out again.
void BM_Group(benchmark::State& state, const char* name) {
  const std::string body = ReadFixture(name);
  skep::JsonTape tape;
  skep::Arena arena;
  if (!tape.Parse(body)) state.SkipWithError("no JSON");
  const skep::rollbar::TapeView data = skep::rollbar::TapeView(&tape, &arena, 0)["data"];
  auto content = skep::rollbar::ReadOccurrence(data);
  if (!content) {
    state.SkipWithError("no item");
    return;
  }
  content->occurrence.source_root = data["server"]["root"].text();
  for (auto _ : state) benchmark::DoNotOptimize(skep::GroupOf(content->occurrence));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(BM_DecodeAll);
BENCHMARK(BM_DecodeFlaskException);
BENCHMARK(BM_DecodeNodeException);
BENCHMARK(BM_DecodeMessage);
BENCHMARK_CAPTURE(BM_Group, flask_exception, "pyrollbar-app.2.json");
BENCHMARK_CAPTURE(BM_Group, node_exception, "rollbar-js-node.4.json");
BENCHMARK_CAPTURE(BM_Group, message, "pyrollbar-msg.1.json");

}  // namespace

BENCHMARK_MAIN();
