// SPDX-License-Identifier: Apache-2.0
// Boards: Honeycomb's, as its API stores them in the catalog. What of a board the page does not
// know (tags, filters, how a chart is drawn) is kept as it is.
#include <algorithm>

#include "ui/api.h"
#include "ui/question.h"
#include "ui/render.h"
#include "ui/saved_query.h"

namespace skep::ui {
namespace {

constexpr size_t kNameMax = 255;
constexpr size_t kDescriptionMax = 1024;
constexpr size_t kPanelsMax = 200;
constexpr size_t kTextMax = 10'000;

void RenderBoard(const Document& document, const JsonView& body, JsonWriter* json) {
  json->BeginObject();
  json->Field("id", std::string_view(document.id));
  json->Field("name", body["name"].text());
  json->Field("description", body["description"].text());
  json->Key("panels");
  if (body["panels"].IsArray()) {
    json->Raw(body["panels"].ToJson());
  } else {
    json->BeginArray();
    json->EndArray();
  }
  FieldAsText("updated_ns", document.updated_ns, json);
  json->EndObject();
}

// With the queries that its panels show, each once.
Result<std::string> RenderView(const Call& call, const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(document.body));
  JsonWriter json;
  json.BeginObject();
  json.Key("board");
  RenderBoard(document, body.root(), &json);
  json.Key("queries");
  json.BeginArray();
  const JsonView panels = body.root()["panels"];
  for (size_t i = 0; i < panels.size(); ++i) {
    const JsonView shown = panels.At(i)["query_panel"];
    if (!shown) continue;
    SKEP_ASSIGN(const auto saved, FindSavedQuery(*call.parts.documents, call.parts.project,
                                                 std::string(shown["query_id"].text()),
                                                 std::string(shown["query_annotation_id"].text())));
    if (saved) RenderSavedQuery(*saved, &json);
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

Status CheckPanel(const Call& call, const JsonView& panel) {
  const std::string_view type = panel["type"].text();
  if (type == "text") {
    const std::string_view content = panel["text_panel"]["content"].text();
    if (content.size() > kTextMax)
      return Error(Code::kInvalidArgument, "A text is longer than 10,000 bytes.");
    return {};
  }
  if (type != "query") return {};
  const std::string id(panel["query_panel"]["query_id"].text());
  auto query = call.parts.documents->Get(DocumentKind::kQuery, call.parts.project, id);
  if (!query && query.error().code == Code::kNotFound)
    return Error(Code::kInvalidArgument, "A panel shows a query that there is not.");
  if (!query) return query.error();
  return {};
}

struct SentBoard {
  std::string name;
  std::string description;
  std::string panels;  // JSON
};

Result<SentBoard> BoardIn(const Call& call) {
  SKEP_ASSIGN(const JsonDocument document, BodyOf(call));
  const JsonView sent = document.root();
  SentBoard board;
  SKEP_ASSIGN(board.name, TextIn(sent, "name", kNameMax));
  if (board.name.empty()) return Error(Code::kInvalidArgument, "A board needs a name.");
  SKEP_ASSIGN(board.description, TextIn(sent, "description", kDescriptionMax));
  const JsonView panels = sent["panels"];
  if (panels && (!panels.IsArray() || panels.size() > kPanelsMax))
    return Error(Code::kInvalidArgument, "A board has a list of at most 200 panels.");
  for (size_t i = 0; i < panels.size(); ++i) SKEP_TRY(CheckPanel(call, panels.At(i)));
  board.panels = panels ? panels.ToJson() : "[]";
  return board;
}

// What is sent, and of what there was the rest.
std::string BoardBody(const SentBoard& board, const JsonView& before) {
  JsonWriter json;
  json.BeginObject();
  json.Field("name", std::string_view(board.name));
  json.Field("description", std::string_view(board.description));
  json.Field("type", "flexible");
  json.Key("panels");
  json.Raw(board.panels);
  constexpr std::string_view kOwn[] = {"name", "description", "type", "panels"};
  for (size_t i = 0; i < before.size(); ++i) {
    if (std::find(std::begin(kOwn), std::end(kOwn), before.NameAt(i)) != std::end(kOwn)) continue;
    json.Key(before.NameAt(i));
    json.Raw(before.At(i).ToJson());
  }
  json.EndObject();
  return json.Take();
}

}  // namespace

Result<std::string> AnswerBoards(Call& call) {
  SKEP_ASSIGN(
      const std::vector<Document> all,
      call.parts.documents->ListAll({.kind = DocumentKind::kBoard, .project = call.parts.project}));
  JsonWriter json;
  json.BeginObject();
  json.Key("boards");
  json.BeginArray();
  for (const Document& document : all) {
    SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(document.body));
    RenderBoard(document, body.root(), &json);
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerBoard(Call& call) {
  SKEP_ASSIGN(const Document document,
              call.parts.documents->Get(DocumentKind::kBoard, call.parts.project, call.rest));
  return RenderView(call, document);
}

Result<std::string> AnswerMakeBoard(Call& call) {
  SKEP_ASSIGN(const SentBoard sent, BoardIn(call));
  Document document;
  document.kind = DocumentKind::kBoard;
  document.project = call.parts.project;
  document.body = BoardBody(sent, {});
  SKEP_ASSIGN(const Document made, call.parts.documents->Create(document));
  return RenderView(call, made);
}

Result<std::string> AnswerChangeBoard(Call& call) {
  SKEP_ASSIGN(const SentBoard sent, BoardIn(call));
  SKEP_ASSIGN(const Document changed,
              call.parts.documents->Modify(DocumentKind::kBoard, call.parts.project, call.rest,
                                           [&](Document& document) -> Status {
                                             SKEP_ASSIGN(const JsonDocument before,
                                                         JsonDocument::Parse(document.body));
                                             document.body = BoardBody(sent, before.root());
                                             return {};
                                           }));
  return RenderView(call, changed);
}

Result<std::string> AnswerDeleteBoard(Call& call) {
  SKEP_TRY(call.parts.documents->Delete(DocumentKind::kBoard, call.parts.project, call.rest));
  JsonWriter json;
  json.BeginObject();
  json.Field("id", std::string_view(call.rest));
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
