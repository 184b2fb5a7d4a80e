// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/entity.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cmath>

#include "xray/exception_record.h"
#include "xray/json_text.h"
#include "xray/segment_tree.h"

namespace skep::sdk::xray {
namespace {

constexpr size_t kAnnotationsMax = 128;
constexpr size_t kAnnotationBytesMax = 16 << 10;
constexpr size_t kMetadataBytesMax = 1 << 20;
// of texts with a field of their own; what is over is cut
constexpr size_t kTextBytesMax = 8 << 10;
constexpr size_t kBlockFieldsMax = 128;  // of `aws` and `service`; what is over is left out

bool IsAnnotationKey(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// The JSON of what an annotation may be; empty for anything else.
std::string AnnotationText(const AttributeValue& value) {
  std::string text;
  if (const bool* truth = std::get_if<bool>(&value.Get())) {
    text = *truth ? "true" : "false";
  } else if (const int64_t* number = std::get_if<int64_t>(&value.Get())) {
    text = std::to_string(*number);
  } else if (const double* real = std::get_if<double>(&value.Get())) {
    if (std::isfinite(*real)) text = Value(*real).Json();
  } else if (const std::string_view* words = std::get_if<std::string_view>(&value.Get())) {
    AppendJsonString(text, *words);
  }
  return text;
}

bool HasField(const Fields& fields, std::string_view key) {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == key; });
}

size_t FieldBytes(const Fields& fields, std::string_view key) {
  for (const auto& [name, value] : fields) {
    if (name == key) return value.size();
  }
  return 0;
}

void PutText(Fields& fields, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  std::string text;
  AppendJsonString(text, FrontOf(value, kTextBytesMax));
  PutField(fields, key, std::move(text));
}

void PutBlockField(Fields& fields, std::string_view key, const Value& value) {
  if (fields.size() >= kBlockFieldsMax || value.Json().size() > kAnnotationBytesMax) return;
  PutField(fields, key, value.Json());
}

std::string WorkingDirectory() {
  char path[PATH_MAX];
  return getcwd(path, sizeof path) != nullptr ? path : "";
}

void Replace(std::string& field, std::string_view value) {
  if (!value.empty()) field = FrontOf(value, kTextBytesMax);
}

}  // namespace

Entity& Entity::PutAnnotation(std::string_view key, const AttributeValue& value) {
  if (!tree_ || !node_->sampled) return *this;
  std::string text = AnnotationText(value);
  bool kept = false;
  if (IsAnnotationKey(key) && !text.empty() && text.size() <= kAnnotationBytesMax) {
    tree_->Change(*node_, [&](Node& node) {
      kept = node.annotations.size() < kAnnotationsMax || HasField(node.annotations, key);
      if (kept) PutField(node.annotations, key, std::move(text));
    });
  }
  if (!kept) tree_->Core().stats.ignored_annotations.fetch_add(1, std::memory_order_relaxed);
  return *this;
}

Entity& Entity::PutMetadata(std::string_view key, const Value& value, std::string_view name_space) {
  if (!tree_ || !node_->sampled) return *this;
  bool kept = false;
  if (!name_space.starts_with("AWS.")) {
    tree_->Change(*node_, [&](Node& node) {
      auto fields =
          std::ranges::find(node.metadata, name_space,
                            [](const auto& entry) -> std::string_view { return entry.first; });
      const size_t before = fields != node.metadata.end() ? FieldBytes(fields->second, key) : 0;
      const size_t after = node.metadata_bytes - before + key.size() + value.Json().size();
      if (after > kMetadataBytesMax) return;
      if (fields == node.metadata.end()) {
        fields = node.metadata.insert(fields, {std::string(name_space), {}});
      }
      node.metadata_bytes = after;
      PutField(fields->second, key, value.Json());
      kept = true;
    });
  }
  if (!kept) tree_->Core().stats.ignored_metadata.fetch_add(1, std::memory_order_relaxed);
  return *this;
}

Entity& Entity::SetHttpRequest(const RequestInfo& request) {
  if (!tree_) return *this;
  tree_->Change(*node_, [&](Node& node) {
    Replace(node.http.method, request.method);
    Replace(node.http.url, request.url);
    Replace(node.http.user_agent, request.user_agent);
    Replace(node.http.client_ip, request.client_ip);
    node.http.x_forwarded_for |= request.x_forwarded_for;
    node.http.traced |= request.traced;
  });
  return *this;
}

Entity& Entity::SetHttpResponse(int status, int64_t content_length) {
  if (!tree_) return *this;
  tree_->Change(*node_, [&](Node& node) {
    node.http.status = status;
    node.http.content_length = content_length;
    if (status >= 500) {
      node.fault = true;
    } else if (status >= 400) {
      node.error = true;
      node.throttle |= status == 429;
    }
  });
  return *this;
}

Entity& Entity::SetError() {
  if (tree_) tree_->Change(*node_, [](Node& node) { node.error = true; });
  return *this;
}

Entity& Entity::SetFault() {
  if (tree_) tree_->Change(*node_, [](Node& node) { node.fault = true; });
  return *this;
}

Entity& Entity::SetThrottle() {
  if (tree_) tree_->Change(*node_, [](Node& node) { node.throttle = true; });
  return *this;
}

Entity& Entity::PutAws(std::string_view key, const Value& value) {
  if (tree_) tree_->Change(*node_, [&](Node& node) { PutBlockField(node.aws, key, value); });
  return *this;
}

Entity& Entity::AddException(const std::exception& exception, bool remote) {
  if (!tree_ || !node_->sampled) return *this;
  const size_t frames_max = tree_->Core().stack_frames_max;
  tree_->AddCause(*node_, RecordException(exception, remote, frames_max), WorkingDirectory());
  return *this;
}

Entity& Entity::AddException(const std::exception_ptr& exception, bool remote) {
  if (!tree_ || !node_->sampled) return *this;
  const size_t frames_max = tree_->Core().stack_frames_max;
  tree_->AddCause(*node_, RecordException(exception, remote, frames_max), WorkingDirectory());
  return *this;
}

Subsegment Entity::BeginSubsegment(std::string_view name, const SubsegmentOptions& options) const {
  if (!tree_) return {};
  return Subsegment(tree_, tree_->Begin(*node_, name, options));
}

void Entity::End(int64_t end_unix_ns) {
  if (tree_) tree_->End(*node_, end_unix_ns);
}

bool Entity::IsSampled() const { return tree_ && node_->sampled; }

bool Entity::IsOpen() const { return tree_ && tree_->IsOpen(*node_); }

TraceId Entity::GetTraceId() const { return tree_ ? tree_->GetTraceId() : TraceId(); }

SpanId Entity::GetId() const { return tree_ ? node_->id : SpanId(); }

std::string Entity::TraceHeaderText() const {
  if (!tree_) return {};
  TraceHeader header;
  header.root = tree_->GetTraceId();
  header.parent = node_->id;
  header.decision =
      node_->sampled ? TraceHeader::Decision::kSampled : TraceHeader::Decision::kNotSampled;
  header.rest = tree_->Header().rest;
  return header.Text();
}

Segment& Segment::SetUser(std::string_view user) {
  if (tree_) tree_->Change(*node_, [&](Node& node) { Replace(node.user, user); });
  return *this;
}

Segment& Segment::SetOrigin(std::string_view origin) {
  if (tree_) tree_->Change(*node_, [&](Node& node) { Replace(node.origin, origin); });
  return *this;
}

Segment& Segment::PutService(std::string_view key, const Value& value) {
  if (tree_) tree_->Change(*node_, [&](Node& node) { PutBlockField(node.service, key, value); });
  return *this;
}

void Segment::SendInProgress() {
  if (tree_) tree_->SendInProgress(*node_);
}

std::string Segment::ResponseHeaderText() const {
  if (!tree_) return {};
  TraceHeader header;
  header.root = tree_->GetTraceId();
  if (tree_->Header().decision == TraceHeader::Decision::kRequested) {
    header.decision =
        node_->sampled ? TraceHeader::Decision::kSampled : TraceHeader::Decision::kNotSampled;
  }
  return header.Text();
}

Subsegment& Subsegment::SetNamespace(Namespace name_space) {
  if (tree_) tree_->Change(*node_, [&](Node& node) { node.name_space = name_space; });
  return *this;
}

Subsegment& Subsegment::SetSql(const SqlInfo& sql) {
  if (!tree_) return *this;
  tree_->Change(*node_, [&](Node& node) {
    PutText(node.sql, "connection_string", sql.connection_string);
    PutText(node.sql, "url", sql.url);
    PutText(node.sql, "sanitized_query", sql.sanitized_query);
    PutText(node.sql, "database_type", sql.database_type);
    PutText(node.sql, "database_version", sql.database_version);
    PutText(node.sql, "driver_version", sql.driver_version);
    PutText(node.sql, "user", sql.user);
    PutText(node.sql, "preparation", sql.preparation);
  });
  return *this;
}

}  // namespace skep::sdk::xray
