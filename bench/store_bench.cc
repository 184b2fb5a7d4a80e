// SPDX-License-Identifier: Apache-2.0
// What the store costs: forming blocks of decoded spans, storing them, merging them, and asking.
// Prints one JSON line a run. CPU is of the whole process, the engine's threads included.
//
//   store_bench [--spans N] [--lines N] [--rows N] [--directory D] [--ddl FILE] [--queries]
//
// --rows: of a block. --ddl: SQL that makes another `events` table instead of ours.
// link: doors/otlp store
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "doors/otlp/decode.h"
#include "load/shape.h"
#include "store/block_builder.h"
#include "store/embedded/embedded_store.h"

namespace {

using skep::load::LoadOptions;

constexpr int64_t kNowNs = 1'795'521'600'000'000'000;
constexpr size_t kRecordsOfARequest = 512;
constexpr int kQueryRuns = 200;

struct Options {
  size_t spans = 1'000'000;
  size_t lines = 0;
  size_t rows = 200'000;
  std::string directory = "store-bench-data";
  std::string ddl;
  bool queries = false;
  int64_t quiet_s = 8;
};

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double ProcessCpu() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

double ThreadCpu() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// A line of /proc/self/status in MB.
double StatusMb(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
  return 0;
}

// Where the time goes, by the thread that does it.
struct Costs {
  double generate_s = 0;
  double decode_s = 0;
  double encode_s = 0;
};

class Run {
 public:
  Run(const Options& options, skep::Store& store) : options_(options), store_(store) {}

  bool Ingest() {
    LoadOptions load;
    load.end_time_ns = kNowNs;
    load.records_expected = std::max(options_.spans, options_.lines);
    skep::load::SpanLoad spans(load);
    skep::load::LogLoad lines(load);
    start_cpu_ = ProcessCpu();
    for (size_t left = options_.spans; left > 0;) {
      const size_t n = std::min(left, kRecordsOfARequest);
      if (!AddRequest(skep::otlp::SignalType::kTraces, [&] { return spans.Next(n); })) return false;
      left -= n;
    }
    for (size_t left = options_.lines; left > 0;) {
      const size_t n = std::min(left, kRecordsOfARequest);
      if (!AddRequest(skep::otlp::SignalType::kLogs, [&] { return lines.Next(n); })) return false;
      left -= n;
    }
    return Commit();
  }

  // Until no merge has run for a while.
  void Settle() {
    const int64_t pause_ms = 200;
    for (int64_t quiet_ms = 0; quiet_ms < options_.quiet_s * 1000; quiet_ms += pause_ms) {
      std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
      const auto stats = store_.Stats();
      if (!stats || stats->merges_running > 0) quiet_ms = 0;
    }
  }

  void Print() {
    const auto stats = store_.Stats();
    const double records = static_cast<double>(options_.spans + options_.lines);
    const double settled_s = ProcessCpu() - start_cpu_ - costs_.generate_s;
    fmt::print(
        R"({{"spans":{},"lines":{},"block_rows":{},"rows_stored":{},"decode_s":{:.2f},)"
        R"("encode_s":{:.2f},"stored_s":{:.2f},"settled_s":{:.2f},"per_cpu_s_stored":{:.0f},)"
        R"("per_cpu_s_settled":{:.0f},"bytes_per_record":{:.1f},"parts":{},"peak_mb":{:.0f},)"
        R"("anon_mb":{:.0f},"rss_mb":{:.0f},"insert_ms_max":{:.0f},"block_mb_max":{:.0f})",
        options_.spans, options_.lines, options_.rows, stats ? stats->rows : 0, costs_.decode_s,
        costs_.encode_s, stored_cpu_, settled_s, records / stored_cpu_, records / settled_s,
        static_cast<double>(stats ? stats->bytes_on_disk : 0) / records, stats ? stats->parts : 0,
        StatusMb("VmHWM"), StatusMb("RssAnon"), StatusMb("VmRSS"), insert_ms_max_, block_mb_max_);
    std::fflush(stdout);
  }

  void Ask() {
    std::vector<std::string> ids = Texts(
        "SELECT lower(hex(trace_id)) FROM events WHERE rand() % 1000 = 0 AND trace_id != "
        "toFixedString('', 16) LIMIT 1 BY trace_id LIMIT 200");
    const std::string columns =
        "time, duration_ns, signal, door, kind, status, dataset, name, span_id, parent_id, body, "
        "severity, item, event_id";
    Time("trace_by_id", [&](int i) {
      return skep::Statement("SELECT " + columns +
                             ", toJSONString(attributes) FROM events WHERE trace_id = "
                             "toFixedString(unhex({id:String}), 16)")
          .Bind("id", ids[static_cast<size_t>(i) % ids.size()]);
    });
    Time("trace_by_id_fixed", [&](int i) {
      return skep::Statement("SELECT " + columns +
                             " FROM events WHERE trace_id = toFixedString(unhex({id:String}), 16)")
          .Bind("id", ids[static_cast<size_t>(i) % ids.size()]);
    });
    Time("count", [](int) { return skep::Statement("SELECT count() FROM events"); });
    const std::vector<std::string> users = Texts(
        "SELECT attributes.`app.user_handle`.:String FROM events WHERE rand() % 1000 = 0 AND "
        "attributes.`app.user_handle`.:String IS NOT NULL LIMIT 50");
    if (!users.empty())
      Time("newest_20_of_user", [&](int i) {
        return skep::Statement(
                   "SELECT time, name, trace_id FROM events WHERE project = 'default' AND "
                   "attributes.`app.user_handle`.:String = {user:String} ORDER BY time DESC "
                   "LIMIT 20")
            .Bind("user", users[static_cast<size_t>(i) % users.size()]);
      });
    Time("count_by_user", [](int) {
      return skep::Statement(
          "SELECT attributes.`app.user_handle`.:String AS user, count() FROM events GROUP BY user "
          "ORDER BY count() DESC LIMIT 100");
    });
    Time("p95_by_route", [](int) {
      return skep::Statement(
          "SELECT attributes.`http.route`.:String AS route, count(), "
          "quantileExact(0.95)(duration_ns) FROM events GROUP BY route");
    });
  }

 private:
  template <typename F>
  bool AddRequest(skep::otlp::SignalType signal, F&& next) {
    double start_s = ThreadCpu();
    skep::Bytes body(next());
    costs_.generate_s += ThreadCpu() - start_s;
    start_s = ThreadCpu();
    const auto batch =
        skep::otlp::Decode(signal, skep::otlp::Encoding::kProtobuf, std::move(body),
                           {.receive_time_ns = kNowNs, .context = {}}, skep::Limits());
    costs_.decode_s += ThreadCpu() - start_s;
    if (!batch) return false;
    start_s = ThreadCpu();
    builder_.Append(*batch, {"default", skep::Door::kOtlp, ++sequence_, kNowNs});
    costs_.encode_s += ThreadCpu() - start_s;
    return builder_.rows() < options_.rows || Commit();
  }

  bool Commit() {
    if (builder_.rows() == 0) return true;
    const double start_s = ThreadCpu();
    const skep::NativeBlock block = builder_.Encode();
    costs_.encode_s += ThreadCpu() - start_s;
    block_mb_max_ = std::max(block_mb_max_, static_cast<double>(block.data.size()) / (1 << 20));
    const int64_t start_ns = skep::MonotonicNs();
    const auto stored = store_.Insert(block, fmt::format("bench-{}", sequence_));
    insert_ms_max_ =
        std::max(insert_ms_max_, static_cast<double>(skep::MonotonicNs() - start_ns) * 1e-6);
    if (!stored) fmt::print(stderr, "{}\n", stored.error().detail);
    stored_cpu_ = ProcessCpu() - start_cpu_ - costs_.generate_s;
    return stored.has_value();
  }

  std::vector<std::string> Texts(const std::string& sql) {
    std::vector<std::string> texts;
    const auto table = store_.Query(skep::Statement(sql));
    if (!table) fmt::print(stderr, "{}\n", table.error().detail);
    for (size_t row = 0; table && row < table->rows; ++row)
      texts.emplace_back(table->column(0).Text(row));
    return texts;
  }

  template <typename F>
  void Time(const std::string& name, F&& statement) {
    std::vector<double> ms;
    const int64_t end_ns = skep::MonotonicNs() + 10 * skep::kNsPerS;
    const double start_cpu_s = ProcessCpu();
    for (int i = 0; i < kQueryRuns && skep::MonotonicNs() < end_ns; ++i) {
      const int64_t start_ns = skep::MonotonicNs();
      const auto table = store_.Query(statement(i));
      if (!table) fmt::print(stderr, "{}: {}\n", name, table.error().detail);
      ms.push_back(static_cast<double>(skep::MonotonicNs() - start_ns) * 1e-6);
    }
    const double cpu_ms = (ProcessCpu() - start_cpu_s) * 1000 / static_cast<double>(ms.size());
    std::sort(ms.begin(), ms.end());
    fmt::print(R"(,"{0}_p50_ms":{1:.1f},"{0}_p99_ms":{2:.1f},"{0}_cpu_ms":{3:.1f})", name,
               ms[ms.size() / 2], ms[ms.size() * 99 / 100], cpu_ms);
    std::fflush(stdout);
  }

  const Options& options_;
  skep::Store& store_;
  skep::BlockBuilder builder_;
  Costs costs_;
  double start_cpu_ = 0;
  double stored_cpu_ = 0;
  double insert_ms_max_ = 0;
  double block_mb_max_ = 0;
  uint64_t sequence_ = 0;
};

bool MakeOtherTable(skep::Store& store, const std::string& path) {
  std::stringstream sql;
  sql << std::ifstream(path).rdbuf();
  for (const std::string& statement : {std::string("DROP TABLE events"), sql.str()}) {
    const auto made = store.Query(skep::Statement(statement));
    if (!made) fmt::print(stderr, "{}\n", made.error().detail);
    if (!made) return false;
  }
  return true;
}

std::optional<Options> Parse(int argc, char** argv) {
  Options options;
  std::map<std::string, size_t*> numbers = {
      {"--spans", &options.spans}, {"--lines", &options.lines}, {"--rows", &options.rows}};
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--queries") {
      options.queries = true;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    const std::string value = argv[++i];
    if (name == "--directory")
      options.directory = value;
    else if (name == "--ddl")
      options.ddl = value;
    else if (const auto number = numbers.find(name); number != numbers.end())
      *number->second = std::stoul(value);
    else
      return std::nullopt;
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = Parse(argc, argv);
  if (!options) {
    fmt::print(stderr, "see the head of bench/store_bench.cc\n");
    return 2;
  }
  std::filesystem::remove_all(options->directory);
  skep::EmbeddedOptions store_options;
  store_options.directory = options->directory;
  auto store = skep::OpenEmbeddedStore(store_options);
  if (!store || !(*store)->Migrate()) {
    fmt::print(stderr, "no store: {}\n", store ? "migration" : store.error().detail);
    return 1;
  }
  if (!options->ddl.empty() && !MakeOtherTable(**store, options->ddl)) return 1;
  Run run(*options, **store);
  if (!run.Ingest()) return 1;
  run.Settle();
  run.Print();
  if (options->queries) run.Ask();
  fmt::print("}}\n");
  store->reset();
  std::filesystem::remove_all(options->directory);
  return 0;
}
