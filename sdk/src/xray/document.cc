// SPDX-License-Identifier: Apache-2.0
#include "xray/document.h"

#include <algorithm>
#include <optional>

#include "xray/json_text.h"

namespace skep::sdk::xray {
namespace {

constexpr size_t kCutNamesMax = 16;
constexpr size_t kCutNameBytesMax = 64;

void AppendObject(std::string& out, const Fields& fields) {
  ObjectText object(out);
  for (const auto& [key, value] : fields) object.Key(key) += value;
  object.Close();
}

void AppendHttp(std::string& out, const HttpBlock& http) {
  const bool request = !http.method.empty() || !http.url.empty() || !http.user_agent.empty() ||
                       !http.client_ip.empty() || http.traced;
  const bool response = http.status != 0 || http.content_length >= 0;
  ObjectText block(out);
  if (request) {
    ObjectText fields(block.Key("request"));
    fields.TextIfAny("url", http.url);
    fields.TextIfAny("method", http.method);
    fields.TextIfAny("user_agent", http.user_agent);
    fields.TextIfAny("client_ip", http.client_ip);
    if (http.x_forwarded_for) fields.Truth("x_forwarded_for", true);
    if (http.traced) fields.Truth("traced", true);
    fields.Close();
  }
  if (response) {
    ObjectText fields(block.Key("response"));
    if (http.status != 0) fields.Key("status") += std::to_string(http.status);
    if (http.content_length >= 0)
      fields.Key("content_length") += std::to_string(http.content_length);
    fields.Close();
  }
  block.Close();
}

bool HasHttp(const HttpBlock& http) {
  return !http.method.empty() || !http.url.empty() || !http.user_agent.empty() ||
         !http.client_ip.empty() || http.traced || http.status != 0 || http.content_length >= 0;
}

void AppendException(std::string& out, const ExceptionRecord& exception) {
  ObjectText fields(out);
  fields.Text("id", exception.id.Hex());
  fields.TextIfAny("message", exception.message);
  fields.Text("type", exception.type);
  fields.Truth("remote", exception.remote);
  if (exception.truncated > 0) fields.Key("truncated") += std::to_string(exception.truncated);
  if (exception.cause.IsValid()) fields.Text("cause", exception.cause.Hex());
  if (!exception.stack.empty()) {
    std::string& list = fields.Key("stack");
    char separator = '[';
    for (const Frame& frame : exception.stack) {
      list += separator;
      separator = ',';
      ObjectText frame_fields(list);
      frame_fields.TextIfAny("path", frame.path);
      if (frame.line > 0) frame_fields.Key("line") += std::to_string(frame.line);
      frame_fields.TextIfAny("label", frame.label);
      frame_fields.Close();
    }
    list += ']';
  }
  fields.Close();
}

void AppendCause(std::string& out, const Cause& cause) {
  if (cause.reference.IsValid()) return AppendJsonString(out, cause.reference.Hex());
  ObjectText block(out);
  block.TextIfAny("working_directory", cause.working_directory);
  std::string& list = block.Key("exceptions");
  char separator = '[';
  for (const ExceptionRecord& exception : cause.exceptions) {
    list += separator;
    separator = ',';
    AppendException(list, exception);
  }
  list += ']';
  block.Close();
}

void AppendMetadata(std::string& out, const NodeFields& node) {
  ObjectText block(out);
  for (const auto& [name_space, fields] : node.metadata)
    AppendObject(block.Key(name_space), fields);
  block.Close();
}

std::string_view NamespaceText(Namespace name_space) {
  switch (name_space) {
    case Namespace::kRemote:
      return "remote";
    case Namespace::kAws:
      return "aws";
    case Namespace::kLocal:
      break;
  }
  return "local";
}

// `node` without what is under it, and without the closing brace.
std::string Own(const NodeFields& node, std::string_view trace_id, bool in_progress) {
  std::string out;
  ObjectText fields(out);
  fields.Text("id", node.id.Hex());
  fields.Text("name", node.name);
  AppendSeconds(fields.Key("start_time"), node.start_unix_ns);
  if (node.parent_id.IsValid()) fields.Text("parent_id", node.parent_id.Hex());
  fields.Truth("in_progress", in_progress);
  if (HasHttp(node.http)) AppendHttp(fields.Key("http"), node.http);
  if (!node.annotations.empty()) AppendObject(fields.Key("annotations"), node.annotations);
  if (!node.metadata.empty()) AppendMetadata(fields.Key("metadata"), node);
  if (!node.aws.empty()) AppendObject(fields.Key("aws"), node.aws);
  if (node.cause.Any()) AppendCause(fields.Key("cause"), node.cause);
  fields.Text("trace_id", trace_id);
  if (node.is_segment) {
    fields.TextIfAny("user", node.user);
    if (!node.service.empty()) AppendObject(fields.Key("service"), node.service);
    fields.TextIfAny("origin", node.origin);
  } else {
    fields.Text("type", "subsegment");
    fields.Text("namespace", NamespaceText(node.name_space));
    if (!node.sql.empty()) AppendObject(fields.Key("sql"), node.sql);
  }
  if (node.error) fields.Truth("error", true);
  if (node.throttle) fields.Truth("throttle", true);
  if (node.fault) fields.Truth("fault", true);
  if (!in_progress) AppendSeconds(fields.Key("end_time"), node.end_unix_ns);
  return out;
}

// Takes the largest value out of the metadata; returns "namespace.key" and its size, or nothing if
// there is none.
std::optional<std::pair<std::string, size_t>> CutLargest(NodeFields& node) {
  Fields* fields = nullptr;
  size_t at = 0;
  std::string name;
  for (auto& [name_space, candidates] : node.metadata) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (fields != nullptr && candidates[i].second.size() <= (*fields)[at].second.size()) continue;
      fields = &candidates;
      at = i;
      name = name_space + "." + candidates[i].first;
    }
  }
  if (fields == nullptr) return std::nullopt;
  const size_t bytes = (*fields)[at].second.size();
  fields->erase(fields->begin() + static_cast<std::ptrdiff_t>(at));
  std::erase_if(node.metadata, [](const auto& entry) { return entry.second.empty(); });
  return std::pair(std::string(FrontOf(name, kCutNameBytesMax)), bytes);
}

// The node's own text in at most `bytes_max`, or nothing.
std::optional<std::string> OwnWithin(const NodeFields& node, std::string_view trace_id,
                                     bool in_progress, size_t bytes_max, uint32_t& trimmed) {
  std::string text = Own(node, trace_id, in_progress);
  if (text.size() <= bytes_max) return text;
  NodeFields rest = node;
  Fields cut;
  size_t cut_count = 0;
  size_t size = text.size();
  // Room for the note of what was cut.
  const size_t goal = bytes_max > 4096 ? bytes_max - 4096 : bytes_max / 2;
  while (size > goal) {
    const std::optional<std::pair<std::string, size_t>> largest = CutLargest(rest);
    if (!largest) break;
    if (++cut_count <= kCutNamesMax) PutField(cut, largest->first, std::to_string(largest->second));
    size -= std::min(size, largest->second);
  }
  if (size > goal) {
    for (ExceptionRecord& exception : rest.cause.exceptions) {
      exception.truncated += exception.stack.size();
      exception.stack.clear();
    }
  }
  std::string note;
  ObjectText fields(note);
  AppendObject(fields.Key("bytes"), cut);
  fields.Key("values") += std::to_string(cut_count);
  fields.Close();
  rest.metadata.emplace_back("skep.sdk", Fields{{"trimmed", note}});
  text = Own(rest, trace_id, in_progress);
  if (text.size() > bytes_max) return std::nullopt;
  ++trimmed;
  return text;
}

constexpr std::string_view kOpenList = ",\"subsegments\":[";
constexpr std::string_view kCloseList = "]";

// The document of `node`; what does not fit goes to `out` at once. Nothing if the node itself does
// not fit; then all under it are in `out`.
std::optional<Document> Render(const Node& node, std::string_view trace_id, size_t bytes_max,
                               Documents& out) {
  std::vector<Document> children;
  size_t children_bytes = 0;
  for (const std::shared_ptr<Node>& child : node.children) {
    std::optional<Document> document = Render(*child, trace_id, bytes_max, out);
    if (!document) continue;
    children_bytes += document->json.size() + 1;
    children.push_back(std::move(*document));
  }
  std::optional<std::string> own =
      OwnWithin(node, trace_id, !node.ended, bytes_max - 1, out.trimmed);
  if (!own) {
    ++out.rejected;
    std::ranges::move(children, std::back_inserter(out.list));
    return std::nullopt;
  }
  const size_t frame = own->size() + 1 + kOpenList.size() + kCloseList.size();
  while (!children.empty() && frame + children_bytes > bytes_max) {
    const auto largest = std::ranges::max_element(
        children, {}, [](const Document& document) { return document.json.size(); });
    children_bytes -= largest->json.size() + 1;
    out.list.push_back(std::move(*largest));
    children.erase(largest);
  }
  Document document{std::move(*own), 1};
  if (!children.empty()) {
    document.json.reserve(frame + children_bytes);
    document.json += kOpenList;
    for (const Document& child : children) {
      if (&child != &children.front()) document.json += ',';
      document.json += child.json;
      document.records += child.records;
    }
    document.json += kCloseList;
  }
  document.json += '}';
  return document;
}

}  // namespace

void PutField(Fields& fields, std::string_view key, std::string value) {
  const auto found = std::ranges::find(
      fields, key, [](const auto& field) -> std::string_view { return field.first; });
  if (found != fields.end()) {
    found->second = std::move(value);
  } else {
    fields.emplace_back(key, std::move(value));
  }
}

void AppendDocuments(const Node& node, std::string_view trace_id, size_t bytes_max,
                     Documents& out) {
  if (std::optional<Document> document = Render(node, trace_id, bytes_max, out))
    out.list.push_back(std::move(*document));
}

void AppendInProgress(const Node& node, std::string_view trace_id, size_t bytes_max,
                      Documents& out) {
  std::optional<std::string> own = OwnWithin(node, trace_id, true, bytes_max - 1, out.trimmed);
  if (!own) {
    ++out.rejected;
    return;
  }
  *own += '}';
  out.list.push_back({std::move(*own), 1});
}

}  // namespace skep::sdk::xray
