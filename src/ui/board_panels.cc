// SPDX-License-Identifier: Apache-2.0
#include "ui/board_panels.h"

#include <vector>

#include "wire/json.h"

namespace skep::ui {
namespace {

// The object with another value for a member that it has.
std::string With(const JsonView& object, std::string_view name, const std::string& json_value) {
  JsonWriter json;
  json.BeginObject();
  for (size_t i = 0; i < object.size(); ++i) {
    json.Key(object.NameAt(i));
    json.Raw(object.NameAt(i) == name ? json_value : object.At(i).ToJson());
  }
  json.EndObject();
  return json.Take();
}

std::string Quoted(const std::string& text) {
  std::string quoted;
  AppendJsonString(text, &quoted);
  return quoted;
}

Status ShowIn(const std::string& annotation_id, const std::string& query_id, Document* board) {
  SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(board->body));
  const JsonView panels = body.root()["panels"];
  JsonWriter changed;
  changed.BeginArray();
  for (size_t i = 0; i < panels.size(); ++i) {
    const JsonView panel = panels.At(i);
    const JsonView shown = panel["query_panel"];
    changed.Raw(shown["query_annotation_id"].text() == annotation_id
                    ? With(panel, "query_panel", With(shown, "query_id", Quoted(query_id)))
                    : panel.ToJson());
  }
  changed.EndArray();
  board->body = With(body.root(), "panels", changed.Take());
  return {};
}

}  // namespace

Status ShowInPanels(Documents& documents, const std::string& project,
                    const std::string& annotation_id, const std::string& query_id) {
  SKEP_ASSIGN(const std::vector<Document> boards,
              documents.ListAll({.kind = DocumentKind::kBoard, .project = project}));
  for (const Document& board : boards) {
    if (board.body.find(annotation_id) == std::string::npos) continue;
    const auto kept = documents.Modify(
        DocumentKind::kBoard, project, board.id,
        [&](Document& document) { return ShowIn(annotation_id, query_id, &document); });
    // One that was deleted since shows nothing any more.
    if (!kept && kept.error().code != Code::kNotFound) return kept.error();
  }
  return {};
}

}  // namespace skep::ui
