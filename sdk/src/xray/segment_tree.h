// SPDX-License-Identifier: Apache-2.0
// SegmentTree: a segment with its subsegments until they are sent. Shared by the handles and
// contexts of one segment; when the last is gone, what was never ended is sent in progress.
// Thread-safe: one mutex guards all nodes, and nothing is sent under it. A process that forks
// leaves the segment to the parent: nothing of it is recorded or sent in the child.
//
// Nodes hang below the segment. One that is too deep, or begins below a node that was sent already,
// stands in `detached_` with only the id of its parent, and is sent as soon as it and all under it
// have ended. `open` of a node counts what has not ended from there down, so that "has all of it
// ended" is one comparison.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "core/fork.h"
#include "skep/sdk/xray/trace_header.h"
#include "xray/document.h"
#include "xray/node.h"
#include "xray/recorder_core.h"

namespace skep::sdk::xray {

class SegmentTree {
 public:
  // `root` is the segment; `header` what came with the request.
  SegmentTree(std::shared_ptr<RecorderCore> core, std::shared_ptr<Node> root, TraceId trace_id,
              TraceHeader header);
  ~SegmentTree();
  SegmentTree(const SegmentTree&) = delete;
  SegmentTree& operator=(const SegmentTree&) = delete;

  // Calls edit(node) with the mutex held, if the node is sampled and has not ended.
  template <typename Edit>
  void Change(Node& node, Edit&& edit) {
    if (!node.sampled || InChild()) return;
    const std::lock_guard lock(mutex_);
    if (!node.ended) edit(node);
  }
  std::shared_ptr<Node> Begin(Node& parent, std::string_view name,
                              const SubsegmentOptions& options);
  void End(Node& node, int64_t end_unix_ns);
  void SendInProgress(const Node& node);
  // An exception as the cause of `node`: by its id, if a node below has it already.
  void AddCause(Node& node, std::vector<ExceptionRecord> chain, std::string working_directory);

  bool IsOpen(const Node& node) const;
  const std::shared_ptr<Node>& Root() const { return root_; }
  const TraceId& GetTraceId() const { return trace_id_; }
  const TraceHeader& Header() const { return header_; }
  RecorderCore& Core() const { return *core_; }

 private:
  bool InChild() const { return ForkGeneration() != fork_generation_; }
  // Unix time by the steady clock, so that no clock step tears the parts of a segment apart.
  int64_t Now() const { return core_->clock->SteadyNanos() + unix_minus_steady_ns_; }
  void EmitTop(Node& top, Documents& out);
  void Stream(Node& ended, Documents& out);
  void StreamAll(Node& node, Documents& out);
  void EmitChild(Node& child, Documents& out);

  const std::shared_ptr<RecorderCore> core_;  // shared with the recorder and its other segments
  const TraceId trace_id_;
  const std::string trace_id_text_;
  const TraceHeader header_;
  const std::shared_ptr<Node> root_;  // shared with handles, like all nodes
  const uint32_t fork_generation_;
  const int64_t unix_minus_steady_ns_;

  mutable std::mutex mutex_;  // guards the nodes and what follows
  std::list<std::shared_ptr<Node>> detached_;
  uint32_t subsegments_ = 0;  // not sent yet
  bool streaming_ = false;    // over the threshold; then nothing that has all ended is left waiting
};

// X-Ray's names: without ?;*()!$~^<> and of at most 200 bytes.
std::string CleanName(std::string_view name);

}  // namespace skep::sdk::xray
