// SPDX-License-Identifier: Apache-2.0
// Segment and Subsegment: the work of one request and its parts, as in X-Ray's SDKs. Both are
// copyable handles; copies are the same one. Every method is thread-safe, never blocks on the
// network, never throws, and does nothing on one that is not sampled or has ended. A segment is
// sent when it and all its subsegments have ended; a subsegment begun after that is sent by itself.
// What was never ended is sent as "in progress" when its last handle and context are gone.
//
// Follows aws_xray_sdk 2.15 for Python and the segment document's description
// (docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html). A name loses the
// characters ?;*()!$~^<> and what is over 200 bytes. Other texts are cut at 8 KiB; a block (`aws`,
// `service`) takes 128 fields of 16 KiB, an annotation 16 KiB, an exception's message 8 KiB.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "skep/sdk/attribute.h"
#include "skep/sdk/span_context.h"
#include "skep/sdk/xray/value.h"

namespace skep::sdk::xray {

enum class Namespace : uint8_t { kLocal, kRemote, kAws };

struct RequestInfo {
  std::string_view method = {};
  std::string_view url = {};
  std::string_view user_agent = {};
  std::string_view client_ip = {};
  bool x_forwarded_for = false;  // client_ip is what that header says
  // a subsegment's: the other side reports this request to X-Ray, too
  bool traced = false;
};

struct SqlInfo {
  std::string_view connection_string = {};  // without the password
  std::string_view url = {};
  std::string_view sanitized_query = {};
  std::string_view database_type = {};
  std::string_view database_version = {};
  std::string_view driver_version = {};
  std::string_view user = {};
  std::string_view preparation = {};  // "call" or "statement"
};

struct SubsegmentOptions {
  Namespace name_space = Namespace::kLocal;
  bool sampled = true;        // false: neither it nor what is begun under it is sent
  int64_t start_unix_ns = 0;  // 0: now
};

class SegmentTree;  // src/xray/segment_tree.h
struct Node;        // src/xray/node.h
class Subsegment;

class Entity {
 public:
  Entity() = default;  // records nothing

  // Indexed: X-Ray finds traces by them. Keys are of letters, digits and "_", values text, numbers
  // or truth; others are left out and counted (RecorderStats), as is what is over 128.
  Entity& PutAnnotation(std::string_view key, const AttributeValue& value);
  // Not indexed. Namespaces that begin with "AWS." are reserved; those, and what is over 1 MiB, is
  // left out and counted.
  Entity& PutMetadata(std::string_view key, const Value& value,
                      std::string_view name_space = "default");
  // Empty fields keep what was there.
  Entity& SetHttpRequest(const RequestInfo& request);
  // 5xx sets fault, 429 throttle and error, other 4xx error. A negative length is not recorded.
  Entity& SetHttpResponse(int status, int64_t content_length = -1);
  Entity& SetError();
  Entity& SetFault();
  Entity& SetThrottle();
  // A field of the `aws` block: operation, region, request_id, table_name, ...
  Entity& PutAws(std::string_view key, const Value& value);
  // Sets fault, and the cause with the exception's type and message, those nested in it included,
  // and the frames of where it was thrown (if RecordThrowSites of skep/sdk/stack_trace.h was
  // called), else of here. An exception that was recorded further in already is named by its id.
  // `remote`: it came from the other side. Looks names and lines up: milliseconds for frames that
  // are new.
  Entity& AddException(const std::exception& exception, bool remote = false);
  Entity& AddException(const std::exception_ptr& exception, bool remote = false);

  // A part of this one. It does not become current.
  Subsegment BeginSubsegment(std::string_view name, const SubsegmentOptions& options = {}) const;
  // The first call counts. 0: now.
  void End(int64_t end_unix_ns = 0);

  bool IsSampled() const;
  bool IsOpen() const;
  TraceId GetTraceId() const;
  SpanId GetId() const;
  // X-Amzn-Trace-Id for a request to another service, with the fields that came with this one's.
  std::string TraceHeaderText() const;
  // Whether there is one: false for what Recorder gives where no segment is current.
  explicit operator bool() const { return node_ != nullptr; }

 protected:
  friend class Recorder;
  Entity(std::shared_ptr<SegmentTree> tree, std::shared_ptr<Node> node)
      : tree_(std::move(tree)), node_(std::move(node)) {}
  // Shared by all handles and contexts of one segment.
  std::shared_ptr<SegmentTree> tree_;
  std::shared_ptr<Node> node_;
};

class Segment : public Entity {
 public:
  Segment() = default;
  Segment& SetUser(std::string_view user);
  // "AWS::EC2::Instance", "AWS::ECS::Container", ...
  Segment& SetOrigin(std::string_view origin);
  // A field of the `service` block: version, runtime, ...
  Segment& PutService(std::string_view key, const Value& value);
  // Sends what is known by now with "in_progress": true; the finished one replaces it.
  void SendInProgress();
  // What to answer in X-Amzn-Trace-Id: the trace, and the decision if the caller asked for it with
  // "Sampled=?".
  std::string ResponseHeaderText() const;

 private:
  friend class Recorder;
  using Entity::Entity;
};

class Subsegment : public Entity {
 public:
  Subsegment() = default;
  Subsegment& SetNamespace(Namespace name_space);
  Subsegment& SetSql(const SqlInfo& sql);

 private:
  friend class Entity;
  friend class Recorder;
  using Entity::Entity;
};

}  // namespace skep::sdk::xray
