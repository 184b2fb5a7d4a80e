// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_stored.h"

#include <utility>
#include <vector>

namespace skep::honeycomb {
namespace {

// Reads the call's body as the noun does; of an update `document` has what there was.
Status Read(ApiCall* call, const Noun& noun, const Document* before, Document* document) {
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  SKEP_TRY(noun.read(call, &in, before, document));
  return CheckInput(call, in);
}

// Whether the place is where the document stands.
bool IsAt(const Document& document, const Place& place) {
  return document.dataset == place.dataset && (!place.parent || document.parent == *place.parent);
}

}  // namespace

Result<JsonDocument> BodyOf(const Document& document) { return JsonDocument::Parse(document.body); }

Status CheckInput(ApiCall* call, const Input& in) {
  if (in.details()->empty()) return {};
  return call->Refuse(InvalidProblem(std::move(*in.details())));
}

void RenderDocument(const ApiCall& call, const Noun& noun, const Document& document,
                    JsonWriter* json) {
  json->BeginObject();
  json->Field("id", document.id);
  if (const auto body = BodyOf(document)) {
    const JsonView root = body->root();
    for (size_t i = 0; i < root.size(); ++i) {
      json->Key(root.NameAt(i));
      if (noun.render_member == nullptr ||
          !noun.render_member(call, root.NameAt(i), root.At(i), json))
        json->Raw(root.At(i).ToJson());
    }
  }
  if (noun.render != nullptr) noun.render(call, document, json);
  json->Field("created_at", ApiTime(document.created_ns));
  json->Field("updated_at", ApiTime(document.updated_ns));
  json->EndObject();
}

Result<Document> Need(ApiCall* call, const Noun& noun, const Place& place, const std::string& id) {
  auto found = call->documents().Get(noun.kind, call->project(), id);
  if (!found && found.error().code != Code::kNotFound) return Error(std::move(found.error()));
  if (!found || !IsAt(*found, place))
    return call->Refuse(NotFoundProblem(std::string(noun.title) + " not found"));
  return std::move(*found);
}

Status List(ApiCall* call, const Noun& noun, const Place& place) {
  SKEP_ASSIGN(const std::vector<Document> all,
              call->documents().ListAll({.kind = noun.kind,
                                         .project = call->project(),
                                         .dataset = place.dataset,
                                         .parent = place.parent}));
  call->out.BeginArray();
  for (const Document& document : all) RenderDocument(*call, noun, document, &call->out);
  call->out.EndArray();
  return {};
}

Status Get(ApiCall* call, const Noun& noun, const Place& place, const std::string& id) {
  SKEP_ASSIGN(const Document document, Need(call, noun, place, id));
  RenderDocument(*call, noun, document, &call->out);
  return {};
}

Status Create(ApiCall* call, const Noun& noun, const Place& place) {
  Document document;
  document.kind = noun.kind;
  document.project = call->project();
  document.dataset = place.dataset;
  document.parent = place.parent.value_or(std::string());
  SKEP_TRY(Read(call, noun, nullptr, &document));
  SKEP_ASSIGN(const Document made, call->documents().Create(document));
  call->status = 201;
  RenderDocument(*call, noun, made, &call->out);
  return {};
}

Status Update(ApiCall* call, const Noun& noun, const Place& place, const std::string& id) {
  SKEP_ASSIGN(const Document before, Need(call, noun, place, id));
  // Reading may look up other documents, which the transaction of Modify cannot.
  Document after = before;
  SKEP_TRY(Read(call, noun, &before, &after));
  SKEP_ASSIGN(const Document changed, call->documents().Modify(noun.kind, call->project(), id,
                                                               [&](Document& document) -> Status {
                                                                 document.name = after.name;
                                                                 document.parent = after.parent;
                                                                 document.body = after.body;
                                                                 return {};
                                                               }));
  RenderDocument(*call, noun, changed, &call->out);
  return {};
}

Status Delete(ApiCall* call, const Noun& noun, const Place& place, const std::string& id,
              int status) {
  SKEP_ASSIGN(const Document document, Need(call, noun, place, id));
  SKEP_TRY(call->documents().Delete(noun.kind, call->project(), id));
  call->status = status;
  if (status == 200) RenderDocument(*call, noun, document, &call->out);
  return {};
}

}  // namespace skep::honeycomb
