// SPDX-License-Identifier: Apache-2.0
// What the sink itself costs a span: compressing, checksums, the journal with and without
// fdatasync, its threads. The requests are 512 spans each; their batches hold a single record, so
// that forming blocks, which store's bench measures, is not in the figures. cpu_us_per_span counts
// all threads of the process.
// link: ingest
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "ingest/journal_entry.h"
#include "ingest/sink.h"
#include "load/shape.h"

namespace {

constexpr size_t kSpans = 512;
constexpr int64_t kNowNs = 1'795'521'600'000'000'000;
constexpr int kInFlight = 4;

class NullStore final : public skep::Store {
 public:
  skep::Status Migrate() override { return {}; }
  skep::Status Insert(const skep::NativeBlock&, std::string_view) override { return {}; }
  skep::Result<skep::ResultTable> Query(const skep::Statement&, const skep::QueryOptions&,
                                        const skep::CancelToken&) override {
    return skep::Error(skep::Code::kUnimplemented, "no queries here");
  }
  skep::Result<skep::StoreStats> Stats() override { return skep::StoreStats{}; }
};

std::vector<std::string> MakeRequests() {
  skep::load::LoadOptions options;
  options.end_time_ns = kNowNs;
  skep::load::SpanLoad spans(options);
  std::vector<std::string> requests;
  for (int i = 0; i < 32; ++i) requests.emplace_back(spans.Next(kSpans));
  return requests;
}

skep::Submission MakeSubmission(const std::string& request) {
  skep::Submission submission;
  submission.batch = skep::RecordBatch(skep::Bytes(request));
  submission.batch.BeginRecord({}).time_ns = kNowNs;
  submission.batch.EndRecord();
  submission.receive_time_ns = kNowNs;
  return submission;
}

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double ThreadCpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void BM_PackRequest(benchmark::State& state) {
  std::vector<skep::Submission> submissions;
  for (const std::string& request : MakeRequests()) submissions.push_back(MakeSubmission(request));
  size_t at = 0;
  size_t packed_bytes = 0;
  for (auto _ : state) {
    skep::Bytes entry;
    if (!skep::PackRequest(submissions[at++ % submissions.size()], &entry))
      state.SkipWithError("refused");
    skep::FinishRequest(at, &entry);
    packed_bytes += entry.size();
  }
  const auto spans = static_cast<double>(state.iterations()) * kSpans;
  state.counters["us_per_span"] =
      benchmark::Counter(spans * 1e-6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["journal_bytes_per_span"] = static_cast<double>(packed_bytes) / spans;
}
BENCHMARK(BM_PackRequest);

// 0: fdatasync, 1: none. Four requests are in flight, as from four connections.
void BM_Submit(benchmark::State& state) {
  const std::vector<std::string> requests = MakeRequests();
  std::string pattern = (std::filesystem::current_path() / "ingest-bench-XXXXXX").string();
  const std::string directory = ::mkdtemp(pattern.data());
  NullStore store;
  skep::Counters counters;
  skep::SinkOptions options;
  options.directory = directory;
  options.durability = state.range(0) == 0 ? skep::Durability::kSync : skep::Durability::kProcess;
  skep::Sink::Parts parts;
  parts.store = &store;
  parts.counters = &counters;
  auto sink = skep::Sink::Create(options, parts);
  if (!sink) {
    state.SkipWithError("no sink");
    return;
  }
  std::atomic<int> in_flight{0};
  std::atomic<int> failed{0};
  double making_s = 0;  // copying the body is the network's cost, not the sink's
  const double start_s = CpuSeconds();
  size_t at = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const double making_start_s = ThreadCpuSeconds();
    skep::Submission submission = MakeSubmission(requests[at++ % requests.size()]);
    submission.dedup = {
        at, skep::DedupKeyOf("default", submission.format, submission.batch.body()).low};
    making_s += ThreadCpuSeconds() - making_start_s;
    state.ResumeTiming();
    for (int n = in_flight; n >= kInFlight; n = in_flight) in_flight.wait(n);
    ++in_flight;
    (*sink)->Submit(std::move(submission), [&](const skep::Status& status) {
      if (!status) ++failed;
      --in_flight;
      in_flight.notify_one();
    });
  }
  for (int n = in_flight; n > 0; n = in_flight) in_flight.wait(n);
  const auto spans = static_cast<double>(state.iterations()) * kSpans;
  state.counters["cpu_us_per_span"] = (CpuSeconds() - start_s - making_s) * 1e6 / spans;
  state.counters["making_us_per_span"] = making_s * 1e6 / spans;
  state.counters["refused"] = failed.load();
  sink->reset();
  std::filesystem::remove_all(directory);
}
BENCHMARK(BM_Submit)->Arg(0)->Arg(1)->MinTime(3)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
