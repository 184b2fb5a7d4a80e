// SPDX-License-Identifier: Apache-2.0
#include "ui/saved_query.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "ui/board_panels.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

Result<SavedQuery> ReadAnnotation(const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(document.body));
  SavedQuery saved;
  saved.id = document.id;
  saved.dataset = document.dataset;
  saved.query_id = body.root()["query_id"].text();
  saved.name = body.root()["name"].text();
  saved.description = body.root()["description"].text();
  saved.updated_ns = document.updated_ns;
  return saved;
}

std::string AnnotationBody(const SavedQuery& saved) {
  JsonWriter json;
  json.BeginObject();
  json.Field("name", std::string_view(saved.name));
  json.Field("description", std::string_view(saved.description));
  json.Field("query_id", std::string_view(saved.query_id));
  json.Field("source", "query");
  json.EndObject();
  return json.Take();
}

Result<std::optional<Document>> Find(const Documents& documents, DocumentKind kind,
                                     const std::string& project, const std::string& id) {
  if (id.empty()) return std::optional<Document>();
  auto found = documents.Get(kind, project, id);
  if (found) return std::optional<Document>(std::move(*found));
  if (found.error().code == Code::kNotFound) return std::optional<Document>();
  return Error(std::move(found.error()));
}

bool Has(const SavedQuery& saved, const std::string& wanted) {
  return ToLower(saved.name + "\n" + saved.description + "\n" + saved.query).find(wanted) !=
         std::string::npos;
}

}  // namespace

Result<std::optional<SavedQuery>> FindSavedQuery(const Documents& documents,
                                                 const std::string& project,
                                                 const std::string& query_id,
                                                 const std::string& annotation_id) {
  SKEP_ASSIGN(const auto query, Find(documents, DocumentKind::kQuery, project, query_id));
  if (!query) return std::optional<SavedQuery>();
  SavedQuery saved;
  SKEP_ASSIGN(const auto annotation,
              Find(documents, DocumentKind::kQueryAnnotation, project, annotation_id));
  if (annotation) {
    SKEP_ASSIGN(saved, ReadAnnotation(*annotation));
  }
  saved.query_id = query->id;
  saved.dataset = query->dataset;
  saved.query = query->body;
  return std::optional<SavedQuery>(std::move(saved));
}

Result<std::vector<SavedQuery>> ListSavedQueries(const Documents& documents,
                                                 const std::string& project,
                                                 std::string_view text) {
  SKEP_ASSIGN(const std::vector<Document> all,
              documents.ListAll({.kind = DocumentKind::kQueryAnnotation, .project = project}));
  const std::string wanted = ToLower(text);
  std::vector<SavedQuery> saved;
  for (const Document& document : all) {
    SKEP_ASSIGN(SavedQuery one, ReadAnnotation(document));
    SKEP_ASSIGN(const auto query, Find(documents, DocumentKind::kQuery, project, one.query_id));
    if (!query) continue;
    one.query = query->body;
    if (Has(one, wanted)) saved.push_back(std::move(one));
  }
  std::stable_sort(saved.begin(), saved.end(), [](const SavedQuery& a, const SavedQuery& b) {
    return ToLower(a.name) < ToLower(b.name);
  });
  return saved;
}

Result<SavedQuery> GetSavedQuery(const Documents& documents, const std::string& project,
                                 const std::string& id) {
  SKEP_ASSIGN(const Document annotation,
              documents.Get(DocumentKind::kQueryAnnotation, project, id));
  SKEP_ASSIGN(SavedQuery saved, ReadAnnotation(annotation));
  SKEP_ASSIGN(const Document query, documents.Get(DocumentKind::kQuery, project, saved.query_id));
  saved.query = query.body;
  return saved;
}

Result<SavedQuery> Save(Documents& documents, const std::string& project, SavedQuery saved,
                        std::optional<int64_t> seen_ns) {
  Document query;
  query.kind = DocumentKind::kQuery;
  query.project = project;
  query.dataset = saved.dataset;
  query.body = saved.query;
  SKEP_ASSIGN(const Document kept, documents.Create(query));
  saved.query_id = kept.id;
  Document annotation;
  annotation.kind = DocumentKind::kQueryAnnotation;
  annotation.project = project;
  annotation.dataset = saved.dataset;
  annotation.body = AnnotationBody(saved);
  if (saved.id.empty()) {
    SKEP_ASSIGN(annotation, documents.Create(annotation));
  } else {
    SKEP_ASSIGN(annotation,
                documents.Modify(annotation.kind, project, saved.id, [&](Document& old) -> Status {
                  if (seen_ns && old.updated_ns != *seen_ns)
                    return Error(Code::kAborted, "Somebody else changed it in the meantime.");
                  old.dataset = annotation.dataset;
                  old.body = annotation.body;
                  return {};
                }));
    SKEP_TRY(ShowInPanels(documents, project, saved.id, saved.query_id));
  }
  saved.id = annotation.id;
  saved.updated_ns = annotation.updated_ns;
  return saved;
}

void RenderSavedQuery(const SavedQuery& saved, JsonWriter* json) {
  json->BeginObject();
  json->Field("id", std::string_view(saved.id));
  json->Field("query_id", std::string_view(saved.query_id));
  json->Field("dataset", std::string_view(saved.dataset));
  json->Field("name", std::string_view(saved.name));
  json->Field("description", std::string_view(saved.description));
  json->Key("query");
  json->Raw(saved.query);
  FieldAsText("updated_ns", saved.updated_ns, json);
  json->EndObject();
}

}  // namespace skep::ui
