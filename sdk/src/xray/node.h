// SPDX-License-Identifier: Apache-2.0
// Node: what one segment or subsegment holds, as JSON texts where X-Ray takes any value. Plain
// data, guarded by the mutex of its SegmentTree; ids, name and `sampled` never change and may be
// read without it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "skep/sdk/span_context.h"
#include "skep/sdk/xray/entity.h"

namespace skep::sdk::xray {

using Fields = std::vector<std::pair<std::string, std::string>>;  // key, JSON text; each key once
void PutField(Fields& fields, std::string_view key, std::string value);

struct Frame {
  std::string path;
  uint32_t line = 0;  // 0: unknown
  std::string label;
};

struct ExceptionRecord {
  // where the exception object lies: the same one while it propagates
  const void* identity = nullptr;
  SpanId id;
  SpanId cause;  // the exception nested in this one
  std::string type;
  std::string message;
  bool remote = false;
  std::vector<Frame> stack;
  size_t truncated = 0;  // frames left out
};

struct Cause {
  std::string working_directory;
  std::vector<ExceptionRecord> exceptions;
  SpanId reference;  // of the exception of a subsegment further in; then there is nothing else
  bool Any() const { return reference.IsValid() || !exceptions.empty(); }
};

struct HttpBlock {
  std::string method;
  std::string url;
  std::string user_agent;
  std::string client_ip;
  bool x_forwarded_for = false;
  bool traced = false;
  int status = 0;
  int64_t content_length = -1;
};

// What is written of it.
struct NodeFields {
  bool is_segment = false;
  bool sampled = true;
  std::string name;
  SpanId id;
  SpanId parent_id;
  int64_t start_unix_ns = 0;
  int64_t end_unix_ns = 0;
  bool ended = false;
  bool error = false;
  bool throttle = false;
  bool fault = false;
  HttpBlock http;
  Fields annotations;
  std::vector<std::pair<std::string, Fields>> metadata;  // by namespace
  size_t metadata_bytes = 0;
  Fields aws;
  Cause cause;

  // Of subsegments.
  Namespace name_space = Namespace::kLocal;
  Fields sql;

  // Of segments.
  std::string user;
  std::string origin;
  Fields service;
};

struct Node : NodeFields {
  // The tree. A node that was sent, or is too deep for its parent, has no parent here, only a
  // parent_id.
  Node* parent = nullptr;
  std::list<std::shared_ptr<Node>> children;        // shared with the handles
  std::list<std::shared_ptr<Node>>::iterator self;  // in the list it stands in
  uint32_t depth = 0;
  uint32_t open = 1;  // this one and all under it that have not ended
  bool sent = false;
};

}  // namespace skep::sdk::xray
