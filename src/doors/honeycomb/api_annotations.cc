// SPDX-License-Identifier: Apache-2.0
// /1/query_annotations: queries by a name that people gave them.
#include <utility>
#include <vector>

#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_queries.h"
#include "doors/honeycomb/api_stored.h"

namespace skep::honeycomb {
namespace {

Status Read(ApiCall* call, Input* in, const Document*, Document* document) {
  JsonWriter body;
  body.BeginObject();
  body.Field("name", in->Required("name", 320));
  body.Field("description", in->Text("description", 1023));
  const std::string query = in->Required("query_id", 64);
  if (!query.empty()) {
    SKEP_ASSIGN(const auto spec, KeptQuery(*call, document->dataset, query));
    if (!spec) in->Invalid("query_id", "does not exist");
  }
  body.Field("query_id", query);
  body.Field("source", in->Choice("source", {"query", "board"}, "query"));
  body.EndObject();
  document->body = body.Take();
  return {};
}

constexpr Noun kAnnotation = {DocumentKind::kQueryAnnotation, "Query annotation", Read};

// Those that stand on a board only if asked for.
Status ListAnnotations(ApiCall* call) {
  SKEP_ASSIGN(const Place place, DatasetPlace(call));
  const bool boards = call->request.QueryParameter("include_board_annotations") == "true";
  SKEP_ASSIGN(const std::vector<Document> all,
              call->documents().ListAll({.kind = DocumentKind::kQueryAnnotation,
                                         .project = call->project(),
                                         .dataset = place.dataset}));
  call->out.BeginArray();
  for (const Document& document : all) {
    SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
    if (boards || body.root()["source"].text() != "board")
      RenderDocument(*call, kAnnotation, document, &call->out);
  }
  call->out.EndArray();
  return {};
}

using Handlers = InDataset<kAnnotation>;

constexpr ApiRoute kRoutes[] = {{"GET", "/1/query_annotations/{}", ListAnnotations},
                                {"POST", "/1/query_annotations/{}", Handlers::Create},
                                {"GET", "/1/query_annotations/{}/{}", Handlers::Get},
                                {"PUT", "/1/query_annotations/{}/{}", Handlers::Update},
                                {"DELETE", "/1/query_annotations/{}/{}", Handlers::Delete}};

}  // namespace

ApiRoutes AnnotationRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
