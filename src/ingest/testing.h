// SPDX-License-Identifier: Apache-2.0
// What the tests of ingest share: a store in memory (or in a folder, so that it outlives a killed
// process), files that fail on demand, and requests whose records are lines of text.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "ingest/journal_io.h"
#include "ingest/journal_sink.h"
#include "ingest/sink.h"

namespace skep::testing {

inline constexpr int64_t kPatienceMs = 20'000;  // far beyond what any condition here takes

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "skep-ingest-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string Marker(int id) {
  std::string digits = std::to_string(id);
  return "<id-" + std::string(8 - digits.size(), '0') + digits + ">";
}

// All ids whose markers stand in some bytes.
inline std::vector<int> MarkersIn(std::string_view bytes) {
  std::vector<int> ids;
  for (size_t at = bytes.find("<id-"); at != std::string_view::npos;
       at = bytes.find("<id-", at + 1))
    ids.push_back(std::stoi(std::string(bytes.substr(at + 4, 8))));
  return ids;
}

// One record per line of the body; "bad" is refused.
inline Result<RecordBatch> DecodeLines(Bytes body, const DecodeContext& context) {
  if (body.view().substr(0, 3) == "bad") return Error(Code::kInvalidArgument, "bad body");
  RecordBatch batch(std::move(body));
  std::string_view rest = batch.body();
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    Record& record = batch.BeginRecord({});
    record.time_ns = context.receive_time_ns;
    record.signal = Signal::kLog;
    record.name = "line";
    record.body = rest.substr(0, end);
    batch.EndRecord();
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return batch;
}

inline Submission Lines(std::string_view body, DedupKey dedup = {}) {
  Submission submission;
  submission.format = WireFormat::kOtlpLogsProto;
  submission.receive_time_ns = WallClockNs();
  submission.dedup = dedup;
  submission.batch = *DecodeLines(Bytes(body), {submission.receive_time_ns, {}});
  return submission;
}
inline Submission Ids(int first, int count = 1, DedupKey dedup = {}) {
  std::string body;
  for (int id = first; id < first + count; ++id) body += Marker(id) + "\n";
  return Lines(body, dedup);
}

// Remembers blocks by token, as a store with a deduplication window does.
class FakeStore : public Store {
 public:
  using Hook = std::function<Status(std::string_view token)>;  // an error: not stored

  Status Migrate() override { return {}; }
  Status Insert(const NativeBlock& block, std::string_view token) override {
    const auto hooks = state_.With([&](State& state) {
      ++state.inserts;
      changed_.notify_all();
      return std::pair(state.before, state.after);
    });
    if (hooks.first) SKEP_TRY(hooks.first(token));
    state_.With([&](State& state) {
      state.blocks.try_emplace(std::string(token), MarkersIn(block.data.view()));
    });
    if (hooks.second) SKEP_TRY(hooks.second(token));
    return {};
  }
  Result<ResultTable> Query(const Statement&, const QueryOptions&, const CancelToken&) override {
    return ResultTable();  // no spans that were stored before
  }
  Result<StoreStats> Stats() override { return StoreStats{}; }

  void SetBefore(Hook hook) {
    state_.With([&](State& state) { state.before = std::move(hook); });
  }
  void SetAfter(Hook hook) {
    state_.With([&](State& state) { state.after = std::move(hook); });
  }
  using Blocks = std::map<std::string, std::vector<int>>;
  Blocks blocks() const {
    return state_.With([](const State& state) { return state.blocks; });
  }
  void SetBlocks(Blocks blocks) {
    state_.With([&](State& state) { state.blocks = std::move(blocks); });
  }
  std::multiset<int> ids() const {
    std::multiset<int> all;
    for (const auto& [token, ids] : blocks()) all.insert(ids.begin(), ids.end());
    return all;
  }
  int inserts() const {
    return state_.With([](const State& state) { return state.inserts; });
  }
  bool WaitInserts(int n) {
    return state_.WithLock([&](State& state, auto& lock) {
      return changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs),
                               [&] { return state.inserts >= n; });
    });
  }

 private:
  struct State {
    Blocks blocks;
    int inserts = 0;
    Hook before;
    Hook after;
  };
  Guarded<State> state_;
  std::condition_variable changed_;
};

// Holds threads until it is opened.
class Gate {
 public:
  void Open() {
    state_.With([](State& state) { state.open = true; });
    changed_.notify_all();
  }
  void Close() {
    state_.With([](State& state) { state.open = false; });
  }
  void Pass() {
    state_.WithLock([&](State& state, auto& lock) {
      ++state.arrived;
      changed_.notify_all();
      changed_.wait(lock, [&] { return state.open; });
    });
  }
  int arrived() const {
    return state_.With([](const State& state) { return state.arrived; });
  }
  bool WaitArrived(int n) {
    return state_.WithLock([&](State& state, auto& lock) {
      return changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs),
                               [&] { return state.arrived >= n; });
    });
  }

 private:
  struct State {
    bool open = false;
    int arrived = 0;
  };
  Guarded<State> state_;
  std::condition_variable changed_;
};

// What the files are to do; shared by the test and the sink's JournalIo.
struct Faults {
  Guarded<std::map<std::string, Error>> errors;  // by operation: append, sync, truncate, create
  std::atomic<int64_t> part_of_append{-1};       // bytes that a failing append still writes
  std::atomic<int> appends{0};
  std::atomic<int> syncs{0};
  std::atomic<bool> reserve_helps{false};  // removing the reserve heals everything
  std::function<void()> before_sync;       // set before the sink is made

  void Fail(const std::string& operation, Code code) {
    errors.With([&](auto& map) { map[operation] = Error(code, operation + " fails"); });
  }
  void Heal() {
    errors.With([](auto& map) { map.clear(); });
  }
  Status Check(const std::string& operation) const {
    return errors.With([&](const auto& map) -> Status {
      const auto at = map.find(operation);
      if (at == map.end()) return {};
      return at->second;
    });
  }
};

class FaultyFile final : public JournalFile {
 public:
  FaultyFile(std::unique_ptr<JournalFile> file, std::shared_ptr<Faults> faults)
      : file_(std::move(file)), faults_(std::move(faults)) {}
  Status Append(std::span<const std::string_view> pieces) override {
    ++faults_->appends;
    if (auto failed = faults_->Check("append"); !failed) {
      std::string all;
      for (const std::string_view piece : pieces) all += piece;
      const int64_t part = std::min<int64_t>(faults_->part_of_append, std::ssize(all));
      const std::string_view written[] = {
          std::string_view(all).substr(0, static_cast<size_t>(std::max<int64_t>(part, 0)))};
      SKEP_TRY(file_->Append(written));
      return failed;
    }
    return file_->Append(pieces);
  }
  Status Sync() override {
    if (faults_->before_sync) faults_->before_sync();
    SKEP_TRY(faults_->Check("sync"));
    ++faults_->syncs;
    return file_->Sync();
  }
  Status Truncate(uint64_t size) override {
    SKEP_TRY(faults_->Check("truncate"));
    return file_->Truncate(size);
  }

 private:
  std::unique_ptr<JournalFile> file_;
  std::shared_ptr<Faults> faults_;  // shared: the test and every file
};

class FaultyIo final : public JournalIo {
 public:
  explicit FaultyIo(std::shared_ptr<Faults> faults) : faults_(std::move(faults)) {}
  Status MakeDirectory(const std::string& path) override { return io_->MakeDirectory(path); }
  Result<std::vector<std::string>> List(const std::string& path) override {
    return io_->List(path);
  }
  Result<Bytes> Read(const std::string& path) override { return io_->Read(path); }
  Result<std::unique_ptr<JournalFile>> Create(const std::string& path) override {
    SKEP_TRY(faults_->Check("create"));
    SKEP_ASSIGN(auto file, io_->Create(path));
    return std::unique_ptr<JournalFile>(std::make_unique<FaultyFile>(std::move(file), faults_));
  }
  Result<std::unique_ptr<JournalFile>> OpenExisting(const std::string& path) override {
    return io_->OpenExisting(path);
  }
  Status Remove(const std::string& path) override {
    if (faults_->reserve_helps && path.ends_with("/reserve")) faults_->Heal();
    return io_->Remove(path);
  }
  Status SyncDirectory(const std::string& path) override { return io_->SyncDirectory(path); }
  Result<std::unique_ptr<JournalFile>> Lock(const std::string& path) override {
    return io_->Lock(path);
  }

 private:
  std::unique_ptr<JournalIo> io_ = MakePosixJournalIo();
  std::shared_ptr<Faults> faults_;
};

// An answer that a test can wait for.
class Answers {
 public:
  AckFunction Next() {
    auto promise = std::make_shared<std::promise<Status>>();  // shared: std::function is copied
    futures_.push_back(promise->get_future());
    return [promise](const Status& status) { promise->set_value(status); };
  }
  bool Has(size_t i) {
    return futures_[i].wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  Status Get(size_t i) {
    if (futures_[i].wait_for(std::chrono::milliseconds(kPatienceMs)) != std::future_status::ready)
      return Error(Code::kDeadlineExceeded, "no answer");
    return futures_[i].get();
  }
  size_t size() const { return futures_.size(); }

 private:
  std::vector<std::future<Status>> futures_;
};

// A journal's folder with a store and counters, over which sinks come and go.
struct World {
  TempDir dir;
  FakeStore store;
  Counters counters;
  std::shared_ptr<Faults> faults = std::make_shared<Faults>();  // shared with the sink's files
  std::vector<CommitObserver*> observers;
  SinkOptions options;
  std::unique_ptr<Sink> sink;

  World() {
    options.directory = dir / "journal";
    options.idle_commit_ms = 2;
  }
  Status Start() {
    sink = nullptr;
    Sink::Parts parts;
    parts.store = &store;
    parts.counters = &counters;
    parts.decoders = {{WireFormat::kOtlpLogsProto, DecodeLines}};
    parts.observers = observers;
    SKEP_ASSIGN(sink, JournalSink::Create(std::make_unique<FaultyIo>(faults), options, parts));
    return {};
  }
  Status Submit(Submission submission) {
    Answers answers;
    sink->Submit(std::move(submission), answers.Next());
    return answers.Get(0);
  }
  std::vector<std::filesystem::path> Files(std::string_view ending) const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(options.directory))
      if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
  }
};

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline void WriteFile(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes));
}

inline std::multiset<int> Range(int first, int count) {
  std::multiset<int> ids;
  for (int id = first; id < first + count; ++id) ids.insert(id);
  return ids;
}

}  // namespace skep::testing
