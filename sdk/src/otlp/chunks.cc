// SPDX-License-Identifier: Apache-2.0
#include "otlp/chunks.h"

#include <algorithm>
#include <utility>

#include "core/fork.h"
#include "otlp/encode.h"
#include "otlp/gzip.h"
#include "otlp/proto_writer.h"
#include "skep/sdk/logger.h"

namespace skep::sdk::otlp {
namespace {

constexpr size_t kFirstCapacity = 4 << 10;
constexpr size_t kGroupsMax = 16;  // of one chunk

uint64_t NextId() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

struct Chunks::ThreadChunk {
  // Its thread's, which takes it for each record; a drain takes it for a moment. Guards all below.
  std::mutex mutex;
  Chunk chunk;
  bool closed = false;
};

struct Chunks::ThreadChunks {
  struct Entry {
    uint64_t id;
    std::weak_ptr<Chunks> owner;
    std::shared_ptr<ThreadChunk> chunk;
  };
  std::vector<Entry> entries;

  ~ThreadChunks() {
    Gone() = true;
    for (Entry& entry : entries) {
      const std::shared_ptr<Chunks> owner = entry.owner.lock();
      if (!owner || owner->InChild()) continue;
      owner->Forget(entry.chunk.get());
      const std::lock_guard lock(entry.chunk->mutex);
      owner->HandOver(std::exchange(entry.chunk->chunk, {}));
    }
  }

  // Thread-locals of the program may end spans after this thread's chunks are gone; a flag without
  // a destructor still stands then.
  static bool& Gone() {
    static thread_local bool gone = false;
    return gone;
  }
  static ThreadChunks& Mine() {
    static thread_local ThreadChunks mine;
    return mine;
  }
};

Chunks::Chunks(ChunksOptions options, std::shared_ptr<ExportCounters> counters)
    : id_(NextId()),
      fork_generation_(ForkGeneration()),
      options_(options),
      counters_(std::move(counters)),
      late_(std::make_shared<ThreadChunk>()) {
  WatchForks();
  threads_.push_back(late_);
}

bool Chunks::InChild() const { return ForkGeneration() != fork_generation_; }

Chunks::~Chunks() = default;

void Chunks::SetDelivery(Delivery* delivery) {
  const std::lock_guard lock(mutex_);
  delivery_ = delivery;
}

void Chunks::CountDropped(uint32_t records, std::atomic<uint64_t> ExportCounters::* why) {
  counters_->accepted += records;
  (*counters_).*why += records;
}

Chunks::ThreadChunk* Chunks::OfThisThread() {
  if (ThreadChunks::Gone()) return late_.get();
  std::vector<ThreadChunks::Entry>& entries = ThreadChunks::Mine().entries;
  for (const auto& entry : entries) {
    if (entry.id == id_) return entry.chunk.get();
  }
  std::erase_if(entries, [](const auto& entry) { return entry.owner.expired(); });
  auto chunk = std::make_shared<ThreadChunk>();
  const std::lock_guard lock(mutex_);
  chunk->closed = closed_;
  threads_.push_back(chunk);
  entries.push_back({id_, weak_from_this(), chunk});
  return chunk.get();
}

// Scopes are compared by what they say: they are gone when their last span is, and another may
// stand at their address.
ScopeGroup* Chunks::GroupOf(ThreadChunk* mine, const InstrumentationScope& scope) {
  for (ScopeGroup& group : mine->chunk.groups) {
    if (group.scope.name == scope.name && group.scope.version == scope.version) return &group;
  }
  if (mine->chunk.groups.size() >= kGroupsMax) HandOver(std::exchange(mine->chunk, {}));
  mine->chunk.groups.push_back({scope, EncodeScope(scope), {}});
  return &mine->chunk.groups.back();
}

bool Chunks::MakeRoom(Chunk* chunk, ScopeGroup* group, size_t bytes) {
  const size_t needed = group->items.Size() + bytes;
  const size_t before = group->items.Capacity();
  if (needed <= before) return true;
  const size_t capacity =
      std::max({needed, std::min(std::max(kFirstCapacity, 4 * before), options_.chunk_bytes)});
  const size_t more = capacity - before;
  if (open_bytes_ + more > options_.bytes_max) return false;
  {
    const std::lock_guard lock(mutex_);
    if (open_bytes_ + more + WaitingBytes() > options_.bytes_max) return false;
    open_bytes_ += more;
  }
  if (!group->items.SetCapacity(capacity)) {
    open_bytes_ -= more;
    return false;
  }
  chunk->bytes += more;
  return true;
}

template <typename Record>
void Chunks::Add(const Record& record) noexcept try {
  static const InstrumentationScope kNoScope;
  if (InChild()) {
    DiagnoseDroppingInChild();
    return CountDropped(1, &ExportCounters::dropped_shutdown);
  }
  if (!have_resource_ && record.resource != nullptr) {
    std::string encoded = EncodeResource(*record.resource);
    const std::lock_guard lock(mutex_);
    if (!have_resource_) resource_ = std::move(encoded);
    have_resource_ = true;
  }
  ThreadChunk* const mine = OfThisThread();
  const std::lock_guard lock(mine->mutex);
  if (mine->closed) return CountDropped(1, &ExportCounters::dropped_shutdown);
  const InstrumentationScope& scope = record.scope == nullptr ? kNoScope : *record.scope;
  const size_t bytes = EncodedBytesMax(record);
  ScopeGroup* group = GroupOf(mine, scope);
  if (group->items.Size() > 0 && group->items.Size() + bytes > options_.chunk_bytes) {
    HandOver(std::exchange(mine->chunk, {}));
    group = GroupOf(mine, scope);
  }
  if (!MakeRoom(&mine->chunk, group, bytes)) {
    return CountDropped(1, &ExportCounters::dropped_full);
  }
  group->items.SetEnd(Encode(record, group->items.End()));
  ++mine->chunk.records;
  if (options_.batch_records_max > 0 && mine->chunk.records >= options_.batch_records_max) {
    HandOver(std::exchange(mine->chunk, {}));
  }
} catch (...) {
  // Out of memory for what little is allocated here.
  CountDropped(1, &ExportCounters::dropped_full);
}

template void Chunks::Add<SpanData>(const SpanData& record) noexcept;
template void Chunks::Add<LogRecord>(const LogRecord& record) noexcept;

size_t Chunks::WaitingBytes() const {
  return whole_bytes_ + (delivery_ == nullptr ? 0 : delivery_->QueuedBytes());
}

void Chunks::HandOver(Chunk chunk) {
  open_bytes_ -= chunk.bytes;
  if (chunk.records == 0) return;
  const std::lock_guard lock(mutex_);
  if (finished_) return CountDropped(chunk.records, &ExportCounters::dropped_shutdown);
  const size_t queued = delivery_ == nullptr ? 0 : delivery_->QueuedRecords();
  if (options_.records_max > 0 && whole_records_ + queued + chunk.records > options_.records_max) {
    return CountDropped(chunk.records, &ExportCounters::dropped_full);
  }
  whole_bytes_ += chunk.bytes;
  whole_records_ += chunk.records;
  whole_.push_back(std::move(chunk));
  if (delivery_ != nullptr &&
      (whole_bytes_ >= options_.wake_bytes ||
       (options_.batch_records_max > 0 && whole_records_ >= options_.batch_records_max))) {
    delivery_->Wake();
  }
}

void Chunks::Forget(const ThreadChunk* chunk) {
  const std::lock_guard lock(mutex_);
  std::erase_if(threads_, [chunk](const auto& thread) { return thread.get() == chunk; });
}

void Chunks::HandOverAll() {
  std::vector<std::shared_ptr<ThreadChunk>> threads;
  {
    const std::lock_guard lock(mutex_);
    threads = threads_;
  }
  for (const auto& thread : threads) {
    const std::lock_guard lock(thread->mutex);
    HandOver(std::exchange(thread->chunk, {}));
  }
}

// The next chunks that go into one request.
size_t Chunks::BatchEnd(std::span<const Chunk> chunks) const {
  size_t bytes = 0;
  uint32_t records = 0;
  for (size_t end = 0; end < chunks.size(); ++end) {
    bytes += chunks[end].bytes;
    records += chunks[end].records;
    const bool over = bytes > options_.batch_bytes_max ||
                      (options_.batch_records_max > 0 && records > options_.batch_records_max);
    if (over && end > 0) return end;
  }
  return chunks.size();
}

std::vector<Batch> Chunks::Drain() {
  HandOverAll();
  std::vector<Chunk> chunks;
  std::string resource;
  size_t room = options_.bytes_max;
  {
    const std::lock_guard lock(mutex_);
    resource = resource_;
    chunks = std::exchange(whole_, {});
    if (delivery_ != nullptr) room -= std::min(room, delivery_->QueuedBytes());
  }
  const size_t room_at_first = room;
  std::vector<Batch> batches;
  size_t taken = 0;
  size_t taken_bytes = 0;
  uint32_t taken_records = 0;
  while (taken < chunks.size()) {
    const std::span<const Chunk> next =
        std::span(chunks).subspan(taken, BatchEnd(std::span(chunks).subspan(taken)));
    std::string body;
    try {
      batches.reserve(batches.size() + 1);
      body = RequestBody(resource, next);
      if (options_.gzip) body = Gzip(body);
    } catch (...) {  // no memory: the rest waits
      break;
    }
    // One that is too large for an empty queue is the delivery's to drop.
    const bool alone = room_at_first == options_.bytes_max && batches.empty();
    if (body.size() > room && !alone) break;
    room -= std::min(room, body.size());
    uint32_t records = 0;
    for (const Chunk& chunk : next) {
      taken_bytes += chunk.bytes;
      records += chunk.records;
    }
    taken_records += records;
    batches.push_back({.body = std::move(body), .records = records});
    taken += next.size();
  }
  const std::lock_guard lock(mutex_);
  whole_bytes_ -= taken_bytes;
  whole_records_ -= taken_records;
  whole_.insert(whole_.begin(),
                std::make_move_iterator(chunks.begin() + static_cast<ptrdiff_t>(taken)),
                std::make_move_iterator(chunks.end()));
  return batches;
}

bool Chunks::Empty() {
  const std::lock_guard lock(mutex_);
  return whole_.empty();
}

void Chunks::Finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  delivery_ = nullptr;
  CountDropped(whole_records_, &ExportCounters::dropped_shutdown);
  whole_.clear();
  whole_bytes_ = 0;
  whole_records_ = 0;
}

void Chunks::Close() {
  std::vector<std::shared_ptr<ThreadChunk>> threads;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    threads = threads_;
  }
  for (const auto& thread : threads) {
    const std::lock_guard lock(thread->mutex);
    thread->closed = true;
  }
}

std::string RequestBody(std::string_view encoded_resource, std::span<const Chunk> chunks) {
  // The groups of one scope, wherever they come from, in the order in which the scopes first come.
  struct Scope {
    std::string_view encoded;
    std::vector<std::string_view> items;
    size_t size = 0;
  };
  std::vector<Scope> scopes;
  for (const Chunk& chunk : chunks) {
    for (const ScopeGroup& group : chunk.groups) {
      if (group.items.Size() == 0) continue;
      auto same = [&](const Scope& scope) { return scope.encoded == group.encoded_scope; };
      auto scope = std::find_if(scopes.begin(), scopes.end(), same);
      if (scope == scopes.end()) {
        scope = scopes.insert(scopes.end(), {group.encoded_scope, {}, group.encoded_scope.size()});
      }
      scope->items.push_back(group.items.View());
      scope->size += group.items.Size();
    }
  }
  size_t size = encoded_resource.size();
  for (const Scope& scope : scopes) size += LengthFieldSize(scope.size);
  std::string body;
  body.reserve(LengthFieldSize(size));
  auto header = [&body](uint32_t field, size_t bytes) {
    char buffer[16];
    ProtoWriter out(buffer);
    out.Header(field, bytes);
    body.append(buffer, out.At());
  };
  header(1, size);
  body += encoded_resource;
  for (const Scope& scope : scopes) {
    header(2, scope.size);
    body += scope.encoded;
    for (const std::string_view items : scope.items) body += items;
  }
  return body;
}

}  // namespace skep::sdk::otlp
