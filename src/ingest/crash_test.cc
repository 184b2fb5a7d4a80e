// SPDX-License-Identifier: Apache-2.0
// A process that takes requests as fast as it can is killed twenty times, each time at some moment
// of its own. What it had acknowledged must be in the store, each record once.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "ingest/testing.h"

namespace skep {
namespace {

namespace fs = std::filesystem;
using testing::Ids;
using testing::TempDir;

constexpr int kRounds = 20;
constexpr int kIdsMax = 4'000'000;
constexpr int kRecordsPerRequest = 3;

// What both processes see; it outlives the child.
struct Shared {
  std::atomic<int> next_id;
  std::atomic<int> answered;
  std::atomic<uint8_t> acknowledged[kIdsMax];
};

// A store whose blocks are files: a killed process leaves all or nothing of one.
class FolderStore : public Store {
 public:
  explicit FolderStore(std::string path) : path_(std::move(path)) { fs::create_directories(path_); }
  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock& block, std::string_view token) override {
    const fs::path file = fs::path(path_) / token;
    if (fs::exists(file)) return {};
    const fs::path part = fs::path(path_) / "part";
    testing::WriteFile(part, block.data.view());
    fs::rename(part, file);
    return {};
  }
  Result<ResultTable> Query(const Statement&, const QueryOptions&, const CancelToken&) override {
    return Error(Code::kUnimplemented, "no queries here");
  }
  Result<StoreStats> Stats() override { return StoreStats{}; }

  std::vector<int> Ids() const {
    std::vector<int> all;
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.path().filename() == "part") continue;
      const auto ids = testing::MarkersIn(testing::ReadFile(entry.path()));
      all.insert(all.end(), ids.begin(), ids.end());
    }
    return all;
  }

 private:
  const std::string path_;
};

Result<std::unique_ptr<Sink>> Open(const TempDir& dir, FolderStore* store, Counters* counters) {
  SinkOptions options;
  options.directory = dir / "journal";
  options.idle_commit_ms = 2;
  options.block_rows_max = 300;
  options.journal_segment_bytes = 16 << 10;
  Sink::Parts parts;
  parts.store = store;
  parts.counters = counters;
  parts.decoders = {{WireFormat::kOtlpLogsProto, testing::DecodeLines}};
  return Sink::Create(options, parts);
}

[[noreturn]] void RunChild(const TempDir& dir, Shared* shared) {
  FolderStore store(dir / "store");
  Counters counters;
  auto sink = Open(dir, &store, &counters);
  if (!sink) ::_exit(1);
  std::vector<std::jthread> writers;
  for (int w = 0; w < 3; ++w)
    writers.emplace_back([&] {
      std::atomic<int> in_flight{0};
      for (;;) {
        if (in_flight.load() > 8) {
          std::this_thread::yield();
          continue;
        }
        const int first = shared->next_id.fetch_add(kRecordsPerRequest);
        if (first + kRecordsPerRequest > kIdsMax) ::_exit(2);
        ++in_flight;
        (*sink)->Submit(Ids(first, kRecordsPerRequest), [&, first](const Status& status) {
          if (status) {
            for (int id = first; id < first + kRecordsPerRequest; ++id)
              shared->acknowledged[id] = 1;
            ++shared->answered;
          }
          --in_flight;
        });
      }
    });
  writers.clear();
  ::_exit(3);
}

TEST(CrashTest, KilledTwentyTimesLosesAndDoublesNothing) {
  void* memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto* shared = new (memory) Shared;
  TempDir dir;
  FolderStore store(dir / "store");
  Counters counters;
  std::mt19937 random(20261124);
  uint64_t recovered = 0;
  for (int round = 0; round < kRounds; ++round) {
    const int target = shared->answered + 1 + static_cast<int>(random() % 600);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) RunChild(dir, shared);
    while (shared->answered < target && ::waitpid(child, nullptr, WNOHANG) == 0)
      std::this_thread::yield();
    ASSERT_GE(shared->answered, target) << "the child ended by itself";
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);

    auto sink = Open(dir, &store, &counters);
    ASSERT_TRUE(sink.has_value());
    recovered += (*sink)->Stats().recovered_requests;
    EXPECT_EQ((*sink)->Stats().corrupt_entries, 0u);
    sink->reset();

    std::vector<uint8_t> stored(static_cast<size_t>(shared->next_id));
    for (const int id : store.Ids()) {
      ASSERT_LT(id, shared->next_id);
      ASSERT_EQ(stored[static_cast<size_t>(id)]++, 0) << "stored twice: " << id;
    }
    for (int id = 0; id < shared->next_id; ++id)
      ASSERT_LE(shared->acknowledged[id], stored[static_cast<size_t>(id)]) << "lost: " << id;
  }
  EXPECT_GT(recovered, 0u);
  RecordProperty("answered", shared->answered);
  ::munmap(memory, sizeof(Shared));
}

}  // namespace
}  // namespace skep
