// SPDX-License-Identifier: Apache-2.0
// Chunks: where encoded spans or log records wait for company. Each thread that ends spans has a
// chunk of its own in each exporter, under a lock of its own that only a drain ever contends; a
// chunk that is full, or whose thread ends, moves to the list of whole ones; Drain makes requests
// of them. So the threads of the program share nothing for each span.
//
// Bound: what the open chunks have allocated, the whole ones and the delivery's queue together stay
// within bytes_max, but for what a drain is just handing over. A record or chunk that would not fit
// is dropped and counted.
//
// Thread-safe. Shared by the exporter, its delivery's source, and for a moment by threads that end.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "delivery/delivery.h"
#include "otlp/byte_buffer.h"
#include "skep/sdk/span_data.h"

namespace skep::sdk::otlp {

struct ChunksOptions {
  size_t bytes_max = 32 << 20;
  uint32_t records_max = 0;        // waiting in whole chunks and the queue; 0: bytes alone count
  uint32_t batch_records_max = 0;  // of one request; 0: bytes alone count
  size_t batch_bytes_max = 1 << 20;
  size_t chunk_bytes = 64 << 10;  // a chunk past it is whole
  size_t wake_bytes = 512 << 10;  // so much in whole chunks wakes the delivery
  bool gzip = false;
};

// Encoded records of one thread and one instrumentation scope.
struct ScopeGroup {
  InstrumentationScope scope;
  std::string encoded_scope;
  ByteBuffer items;
};

struct Chunk {
  std::vector<ScopeGroup> groups;
  size_t bytes = 0;  // allocated for items
  uint32_t records = 0;
};

class Chunks : public std::enable_shared_from_this<Chunks> {
 public:
  Chunks(ChunksOptions options, std::shared_ptr<ExportCounters> counters);
  ~Chunks();
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;

  // Adds a record: Encode(record, pointer) of encode.h. Drops and counts it if it does not fit.
  template <typename Record>
  void Add(const Record& record) noexcept;

  // Whom to wake and whose queue counts; it must live until Finish.
  void SetDelivery(Delivery* delivery);
  // Requests of all that waits, as far as the delivery's queue has room for them.
  std::vector<Batch> Drain();
  // Whether the last Drain found room for all.
  bool Empty();
  // It is a parent process's; its locks may be held by threads that do not exist here.
  bool InChild() const;
  // What is added later counts as dropped_shutdown.
  void Close();
  // After the last Drain: what is left, and what threads that end still hand over, counts likewise.
  void Finish();

 private:
  struct ThreadChunk;
  struct ThreadChunks;  // those of one thread, in all exporters

  ThreadChunk* OfThisThread();
  ScopeGroup* GroupOf(ThreadChunk* mine, const InstrumentationScope& scope);
  bool MakeRoom(Chunk* chunk, ScopeGroup* group, size_t bytes);
  void HandOver(Chunk chunk);
  void HandOverAll();
  void Forget(const ThreadChunk* chunk);
  size_t WaitingBytes() const;  // with mutex_ held
  size_t BatchEnd(std::span<const Chunk> chunks) const;
  void CountDropped(uint32_t records, std::atomic<uint64_t> ExportCounters::* why);

  const uint64_t id_;  // never used twice, as addresses are
  const uint32_t fork_generation_;
  const ChunksOptions options_;
  const std::shared_ptr<ExportCounters> counters_;  // with those who read them
  std::atomic<size_t> open_bytes_{0};               // allocated by open chunks
  std::atomic<bool> have_resource_{false};

  std::mutex mutex_;      // guards all below; taken after a thread chunk's own, never while a
                          // delivery's is held
  std::string resource_;  // encoded: the first record's, as all of one provider have the same
  // Shared with their threads.
  std::vector<std::shared_ptr<ThreadChunk>> threads_;
  std::shared_ptr<ThreadChunk> late_;  // of threads whose own are gone already
  std::vector<Chunk> whole_;
  size_t whole_bytes_ = 0;
  uint32_t whole_records_ = 0;
  Delivery* delivery_ = nullptr;
  bool closed_ = false;
  bool finished_ = false;
};

// A request of these chunks: one ResourceSpans (or ResourceLogs), one ScopeSpans for each scope.
std::string RequestBody(std::string_view encoded_resource, std::span<const Chunk> chunks);

}  // namespace skep::sdk::otlp
