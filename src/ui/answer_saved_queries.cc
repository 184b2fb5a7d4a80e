// SPDX-License-Identifier: Apache-2.0
// Saved queries: listed, saved, changed, deleted.
#include <charconv>

#include "query/explore/spec_json.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/question.h"
#include "ui/saved_query.h"

namespace skep::ui {
namespace {

constexpr size_t kNameMax = 320;
constexpr size_t kDescriptionMax = 1023;

std::string Render(const SavedQuery& saved) {
  JsonWriter json;
  RenderSavedQuery(saved, &json);
  return json.Take();
}

// Nothing: whatever it is by now is written over.
Result<std::optional<int64_t>> SeenIn(const JsonView& body) {
  SKEP_ASSIGN(const std::string text, TextIn(body, "seen_ns", 20));
  if (text.empty()) return std::optional<int64_t>();
  int64_t seen_ns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seen_ns);
  if (error != std::errc() || end != text.data() + text.size())
    return Error(Code::kInvalidArgument, "seen_ns must be a time in nanoseconds.");
  return std::optional<int64_t>(seen_ns);
}

Result<std::string> SaveBody(Call& call, const std::string& id) {
  SKEP_ASSIGN(const JsonDocument document, BodyOf(call));
  SavedQuery saved;
  saved.id = id;
  SKEP_ASSIGN(saved.dataset, DatasetIn(document.root()));
  SKEP_ASSIGN(saved.name, TextIn(document.root(), "name", kNameMax));
  if (saved.name.empty()) return Error(Code::kInvalidArgument, "A saved query needs a name.");
  SKEP_ASSIGN(saved.description, TextIn(document.root(), "description", kDescriptionMax));
  SKEP_ASSIGN(const QuerySpec spec, SpecIn(call, document.root()["query"]));
  saved.query = RenderQuerySpec(spec);
  SKEP_ASSIGN(const std::optional<int64_t> seen_ns, SeenIn(document.root()));
  SKEP_ASSIGN(const SavedQuery kept,
              Save(*call.parts.documents, call.parts.project, saved, seen_ns));
  return Render(kept);
}

}  // namespace

Result<std::string> AnswerSavedQueries(Call& call) {
  SKEP_ASSIGN(const std::vector<SavedQuery> saved,
              ListSavedQueries(*call.parts.documents, call.parts.project, TextOf(call, "text")));
  JsonWriter json;
  json.BeginObject();
  json.Key("queries");
  json.BeginArray();
  for (const SavedQuery& one : saved) RenderSavedQuery(one, &json);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerSavedQuery(Call& call) {
  SKEP_ASSIGN(const SavedQuery saved,
              GetSavedQuery(*call.parts.documents, call.parts.project, call.rest));
  return Render(saved);
}

Result<std::string> AnswerSaveQuery(Call& call) { return SaveBody(call, ""); }

Result<std::string> AnswerChangeSavedQuery(Call& call) {
  SKEP_TRY(
      call.parts.documents->Get(DocumentKind::kQueryAnnotation, call.parts.project, call.rest));
  return SaveBody(call, call.rest);
}

Result<std::string> AnswerDeleteSavedQuery(Call& call) {
  SKEP_TRY(
      call.parts.documents->Delete(DocumentKind::kQueryAnnotation, call.parts.project, call.rest));
  JsonWriter json;
  json.BeginObject();
  json.Field("id", std::string_view(call.rest));
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
