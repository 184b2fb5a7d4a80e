// SPDX-License-Identifier: Apache-2.0
// The service map of a range, under a filter of requests.
#include <limits>

#include "query/trace/service_map.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

std::string_view NameOf(MapNodeKind kind) {
  switch (kind) {
    case MapNodeKind::kService:
      return "service";
    case MapNodeKind::kDatabase:
      return "database";
    case MapNodeKind::kQueue:
      return "queue";
    case MapNodeKind::kHost:
      return "host";
  }
  return "host";
}

void RenderSpread(const LengthSpread& spread, JsonWriter* json) {
  json->Field("count", spread.Count());
  json->Field("errors", spread.Errors());
  FieldAsText("p50_ns", spread.Quantile(0.5), json);
  FieldAsText("p95_ns", spread.Quantile(0.95), json);
  json->Key("buckets");
  json->BeginArray();
  for (const auto& [bucket, counts] : spread.buckets) {
    json->BeginArray();
    json->UInt(bucket);
    json->Float(counts.count);
    json->Float(counts.errors);
    json->EndArray();
  }
  json->EndArray();
}

Result<MapQuestion> QuestionOf(Call& call) {
  MapQuestion question;
  question.scope.project = call.parts.project;
  SKEP_ASSIGN(question.scope.range, RangeOf(call));
  SKEP_ASSIGN(question.scope.by_evidence, ByEvidenceOf(call));
  SKEP_ASSIGN(question.filter, FilterOf(call));
  return question;
}

}  // namespace

Result<std::string> AnswerMapExamples(Call& call) {
  MapExamples examples;
  SKEP_ASSIGN(examples.question, QuestionOf(call));
  examples.from = TextOf(call, "caller");
  examples.to = TextOf(call, "service");
  if (examples.to.empty()) return Error(Code::kInvalidArgument, "service is missing.");
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  SKEP_ASSIGN(const int64_t shortest, IntOf(call, "shortest", 0, kMost, 0));
  SKEP_ASSIGN(const int64_t longest, IntOf(call, "longest", 0, kMost, kMost));
  examples.shortest_ns = static_cast<uint64_t>(shortest);
  examples.longest_ns = static_cast<uint64_t>(longest);
  SKEP_TRY(Refresh(call));
  size_t position = 0;
  const auto found = ReadMapExamples(*call.parts.reader, examples, call.cancel, &position);
  if (!found) {
    if (found.error().code == Code::kInvalidArgument) call.error_position = position;
    return Error(found.error());
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("examples");
  json.BeginArray();
  for (const MapExample& example : *found) {
    json.BeginObject();
    json.Field("trace_id", std::string_view(example.trace_id.Hex()));
    json.Field("span_id", std::string_view(example.span_id.Hex()));
    FieldAsText("time_ns", example.time_ns, &json);
    FieldAsText("duration_ns", example.duration_ns, &json);
    json.Field("name", std::string_view(example.name));
    json.Field("error", example.error);
    json.EndObject();
  }
  json.EndArray();
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerMap(Call& call) {
  SKEP_ASSIGN(const MapQuestion question, QuestionOf(call));
  SKEP_TRY(Refresh(call));
  size_t position = 0;
  auto map = ReadServiceMap(*call.parts.reader, question, call.cancel, &position);
  if (!map) {
    if (map.error().code == Code::kInvalidArgument) call.error_position = position;
    return Error(map.error());
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("nodes");
  json.BeginArray();
  for (const MapNode& node : map->nodes) {
    json.BeginObject();
    json.Field("name", std::string_view(node.name));
    json.Field("kind", NameOf(node.kind));
    RenderSpread(node.spread, &json);
    json.EndObject();
  }
  json.EndArray();
  json.Key("edges");
  json.BeginArray();
  for (const MapEdge& edge : map->edges) {
    json.BeginObject();
    json.Field("from", std::string_view(edge.from));
    json.Field("to", std::string_view(edge.to));
    RenderSpread(edge.spread, &json);
    json.EndObject();
  }
  json.EndArray();
  FieldAsText("from_ns", question.scope.range.from_ns, &json);
  FieldAsText("to_ns", question.scope.range.to_ns, &json);
  json.Field("elapsed_ms", call.ElapsedMs());
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
