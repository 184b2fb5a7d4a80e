// SPDX-License-Identifier: Apache-2.0
#include "xray/segment_tree.h"

#include <algorithm>

#include "core/random_ids.h"
#include "xray/json_text.h"

namespace skep::sdk::xray {
namespace {

constexpr uint32_t kDepthMax = 64;
constexpr size_t kNameBytesMax = 200;
constexpr size_t kExceptionsMax = 32;

// Marks everything from `node` down as sent; returns how many subsegments that are.
uint32_t MarkSent(Node& node) {
  node.sent = true;
  uint32_t subsegments = node.is_segment ? 0 : 1;
  for (const std::shared_ptr<Node>& child : node.children) subsegments += MarkSent(*child);
  return subsegments;
}

SpanId FindException(const Node& node, const ExceptionRecord& wanted) {
  for (const ExceptionRecord& exception : node.cause.exceptions) {
    if (exception.identity == wanted.identity && exception.type == wanted.type &&
        exception.message == wanted.message) {
      return exception.id;
    }
  }
  for (const std::shared_ptr<Node>& child : node.children) {
    if (const SpanId id = FindException(*child, wanted); id.IsValid()) return id;
  }
  return {};
}

}  // namespace

std::string CleanName(std::string_view name) {
  std::string clean;
  std::ranges::copy_if(name, std::back_inserter(clean), [](char c) {
    return std::string_view("?;*()!$~^<>").find(c) == std::string_view::npos;
  });
  clean.resize(FrontOf(clean, kNameBytesMax).size());
  return clean;
}

SegmentTree::SegmentTree(std::shared_ptr<RecorderCore> core, std::shared_ptr<Node> root,
                         TraceId trace_id, TraceHeader header)
    : core_(std::move(core)),
      trace_id_(trace_id),
      trace_id_text_(trace_id.Xray()),
      header_(std::move(header)),
      root_(std::move(root)),
      fork_generation_(ForkGeneration()),
      unix_minus_steady_ns_(core_->clock->UnixNanos() - core_->clock->SteadyNanos()) {}

SegmentTree::~SegmentTree() {
  if (InChild()) return;
  Documents left;
  if (root_->sampled && !root_->sent) EmitTop(*root_, left);
  while (!detached_.empty()) EmitTop(*detached_.front(), left);
  core_->Send(left);
}

std::shared_ptr<Node> SegmentTree::Begin(Node& parent, std::string_view name,
                                         const SubsegmentOptions& options) {
  auto node = std::make_shared<Node>();
  node->id = NewSpanId();
  node->parent_id = parent.id;
  node->name = CleanName(name);
  node->sampled = parent.sampled && options.sampled && !InChild();
  node->start_unix_ns = options.start_unix_ns != 0 ? options.start_unix_ns : Now();
  node->name_space = options.name_space;
  if (!node->sampled) return node;

  const std::lock_guard lock(mutex_);
  ++subsegments_;
  if (parent.sent || parent.depth + 1 >= kDepthMax) {
    node->self = detached_.insert(detached_.end(), node);
    return node;
  }
  node->depth = parent.depth + 1;
  node->parent = &parent;
  node->self = parent.children.insert(parent.children.end(), node);
  for (Node* above = &parent; above != nullptr; above = above->parent) ++above->open;
  return node;
}

void SegmentTree::End(Node& node, int64_t end_unix_ns) {
  if (!node.sampled || InChild()) return;
  if (end_unix_ns == 0) end_unix_ns = Now();
  Documents out;
  {
    const std::lock_guard lock(mutex_);
    if (node.ended) return;
    node.ended = true;
    node.end_unix_ns = std::max(end_unix_ns, node.start_unix_ns);
    Node* top = &node;
    for (Node* above = &node; above != nullptr; above = above->parent) {
      --above->open;
      top = above;
    }
    if (top->open == 0) {
      EmitTop(*top, out);
    } else if (subsegments_ > core_->streaming_threshold) {
      Stream(node, out);
    }
  }
  core_->Send(out);
}

// A node without a parent here: the segment, or a detached one.
void SegmentTree::EmitTop(Node& top, Documents& out) {
  AppendDocuments(top, trace_id_text_, kDocumentBytesMax, out);
  subsegments_ -= MarkSent(top);
  if (&top != root_.get()) detached_.erase(top.self);
}

void SegmentTree::EmitChild(Node& child, Documents& out) {
  AppendDocuments(child, trace_id_text_, kDocumentBytesMax, out);
  subsegments_ -= MarkSent(child);
  Node& parent = *child.parent;
  child.parent = nullptr;
  parent.children.erase(child.self);
}

// As aws_xray_sdk's DefaultStreaming: what has ended with all that is under it is sent, if its
// parent still waits.
void SegmentTree::Stream(Node& ended, Documents& out) {
  if (!streaming_) {
    StreamAll(*root_, out);
    for (const std::shared_ptr<Node>& node : detached_) StreamAll(*node, out);
    streaming_ = true;
  } else if (ended.open == 0) {
    Node* largest = &ended;
    while (largest->parent != nullptr && largest->parent->open == 0) largest = largest->parent;
    if (largest->parent != nullptr) EmitChild(*largest, out);
  }
  if (subsegments_ <= core_->streaming_threshold) streaming_ = false;
}

void SegmentTree::StreamAll(Node& node, Documents& out) {
  for (auto it = node.children.begin(); it != node.children.end();) {
    const std::shared_ptr<Node> child = *it++;
    if (child->open == 0) {
      EmitChild(*child, out);
    } else {
      StreamAll(*child, out);
    }
  }
}

void SegmentTree::SendInProgress(const Node& node) {
  if (!node.sampled || InChild()) return;
  Documents out;
  {
    const std::lock_guard lock(mutex_);
    if (node.ended) return;
    AppendInProgress(node, trace_id_text_, kDocumentBytesMax, out);
  }
  core_->Send(out);
}

void SegmentTree::AddCause(Node& node, std::vector<ExceptionRecord> chain,
                           std::string working_directory) {
  Change(node, [&](Node& open) {
    open.fault = true;
    if (chain.empty()) return;
    if (const SpanId known =
            chain.front().identity != nullptr ? FindException(open, chain.front()) : SpanId();
        known.IsValid()) {
      if (open.cause.exceptions.empty()) open.cause.reference = known;
      return;
    }
    open.cause.reference = {};
    open.cause.working_directory = std::move(working_directory);
    for (ExceptionRecord& exception : chain) {
      if (open.cause.exceptions.size() >= kExceptionsMax) break;
      open.cause.exceptions.push_back(std::move(exception));
    }
  });
}

bool SegmentTree::IsOpen(const Node& node) const {
  if (InChild()) return false;
  const std::lock_guard lock(mutex_);
  return !node.ended;
}

}  // namespace skep::sdk::xray
