// SPDX-License-Identifier: Apache-2.0
// /1/datasets.
#include "doors/honeycomb/api_dataset.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "doors/honeycomb/api_stored.h"
#include "doors/honeycomb/seen_datasets.h"
#include "model/query_spec.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kNameMax = 255;
constexpr size_t kDescriptionMax = 1024;
constexpr char kNotFound[] = "Dataset not found";

// What a dataset's document says, with the vendor's defaults where nobody has said anything.
struct Stored {
  std::string name;
  std::string description;
  int64_t expand_json_depth = 0;
  bool delete_protected = true;
};

Result<Stored> StoredIn(const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, BodyOf(document));
  const JsonView root = body.root();
  Stored stored;
  stored.name = root["name"].text();
  stored.description = root["description"].text();
  stored.expand_json_depth = root["expand_json_depth"].int64();
  const JsonView guarded = root["settings"]["delete_protected"];
  if (guarded) stored.delete_protected = guarded.boolean();
  return stored;
}

std::string BodyWith(const Stored& stored, std::string_view slug) {
  JsonWriter json;
  json.BeginObject();
  json.Field("name", stored.name);
  json.Field("slug", slug);
  json.Field("description", stored.description);
  json.Field("expand_json_depth", stored.expand_json_depth);
  json.Key("settings");
  json.BeginObject();
  json.Field("delete_protected", stored.delete_protected);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

SeenDatasets SeenBy(const ApiCall& call) { return SeenIn(call.parts.catalogue, call.project()); }

// The document of a dataset that has records, from whatever door, and that nobody has said anything
// of yet: without an id.
Document Unsaid(const ApiCall& call, const std::string& slug, const SeenDataset& seen) {
  Stored stored;
  stored.name = seen.name;
  Document document;
  document.kind = DocumentKind::kDataset;
  document.project = call.project();
  document.name = slug;
  document.body = BodyWith(stored, slug);
  document.created_ns = document.updated_ns = seen.first_ns;
  return document;
}

Status Render(ApiCall* call, const Document& document, const SeenDatasets& all_seen) {
  SKEP_ASSIGN(const Stored stored, StoredIn(document));
  const auto found = all_seen.find(document.name);
  const SeenDataset seen = found == all_seen.end() ? SeenDataset() : found->second;
  JsonWriter& json = call->out;
  json.BeginObject();
  json.Field("name", stored.name);
  json.Field("slug", document.name);
  json.Field("description", stored.description);
  json.Field("expand_json_depth", stored.expand_json_depth);
  json.Key("settings");
  json.BeginObject();
  json.Field("delete_protected", stored.delete_protected);
  json.EndObject();
  json.Field("regular_columns_count", seen.columns);
  json.Key("last_written_at");
  if (seen.rows == 0) json.Null();
  if (seen.rows != 0) json.String(ApiTime(seen.last_ns));
  json.Field("created_at", ApiTime(document.created_ns));
  json.EndObject();
  return {};
}

Status Render(ApiCall* call, const Document& document) {
  return Render(call, document, SeenBy(*call));
}

// Nothing if there is no such dataset.
Result<std::optional<Document>> FindDocument(const ApiCall& call, std::string_view slug_or_name) {
  const std::string slug = SlugOf(slug_or_name);
  auto found = call.documents().Find(DocumentKind::kDataset, call.project(), {}, slug);
  if (found) return std::optional<Document>(std::move(*found));
  if (found.error().code != Code::kNotFound) return Error(std::move(found.error()));
  const SeenDatasets seen = SeenBy(call);
  const auto there = seen.find(slug);
  if (there == seen.end()) return std::optional<Document>();
  return std::optional<Document>(Unsaid(call, slug, there->second));
}

Result<Document> Find(ApiCall* call, std::string_view slug_or_name) {
  SKEP_ASSIGN(std::optional<Document> found, FindDocument(*call, slug_or_name));
  if (!found) return call->Refuse(NotFoundProblem(kNotFound));
  return std::move(*found);
}

// As it is changed to; made if it was not said yet.
Result<Document> Keep(ApiCall* call, const Document& before, const std::string& body) {
  if (before.id.empty()) {
    Document document = before;
    document.body = body;
    return call->documents().Create(document);
  }
  return call->documents().Modify(DocumentKind::kDataset, call->project(), before.id,
                                  [&](Document& document) -> Status {
                                    document.body = body;
                                    return {};
                                  });
}

void ReadDescription(Input* in, Stored* stored) {
  stored->description = in->Text("description", kDescriptionMax);
  stored->expand_json_depth = in->Integer("expand_json_depth", 0, 10).value_or(0);
}

Status ListDatasets(ApiCall* call) {
  SKEP_ASSIGN(const auto all, call->documents().ListAll(
                                  {.kind = DocumentKind::kDataset, .project = call->project()}));
  const SeenDatasets seen = SeenBy(*call);
  SeenDatasets unsaid = seen;
  call->out.BeginArray();
  for (const Document& document : all) {
    unsaid.erase(document.name);
    SKEP_TRY(Render(call, document, seen));
  }
  for (const auto& [slug, dataset] : unsaid)
    SKEP_TRY(Render(call, Unsaid(*call, slug, dataset), seen));
  call->out.EndArray();
  return {};
}

Status GetDataset(ApiCall* call) {
  SKEP_ASSIGN(const Document document, Find(call, call->Argument(0)));
  return Render(call, document);
}

// One that exists is answered as it is, with 200.
Status CreateDataset(ApiCall* call) {
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  Stored stored;
  stored.name = in.Required("name", kNameMax);
  ReadDescription(&in, &stored);
  const std::string slug = SlugOf(stored.name);
  if (slug == kAllDatasets) in.Invalid("name", "is reserved");
  SKEP_TRY(CheckInput(call, in));
  const SeenDatasets seen = SeenBy(*call);
  if (const auto found = seen.find(slug); found != seen.end()) stored.name = found->second.name;
  Document document;
  document.kind = DocumentKind::kDataset;
  document.project = call->project();
  document.name = slug;
  document.body = BodyWith(stored, slug);
  auto made = call->documents().Create(document);
  if (!made && made.error().code != Code::kAlreadyExists) return Error(std::move(made.error()));
  call->status = made && !seen.contains(slug) ? 201 : 200;
  if (!made) made = Find(call, slug);
  if (!made) return Error(std::move(made.error()));
  call->parts.datasets->Forget(call->project(), slug);
  return Render(call, *made);
}

// Members that are not there go back to their defaults; protection stays as it is.
Status UpdateDataset(ApiCall* call) {
  SKEP_ASSIGN(const Document before, Find(call, call->Argument(0)));
  SKEP_ASSIGN(Stored stored, StoredIn(before));
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  ReadDescription(&in, &stored);
  Input settings = in.Object("settings");
  stored.delete_protected = settings.Bool("delete_protected", stored.delete_protected);
  SKEP_TRY(CheckInput(call, in));
  SKEP_ASSIGN(const Document changed, Keep(call, before, BodyWith(stored, before.name)));
  call->parts.datasets->Forget(call->project(), changed.name);
  return Render(call, changed);
}

Status DeleteDataset(ApiCall* call) {
  SKEP_ASSIGN(const Document document, Find(call, call->Argument(0)));
  SKEP_ASSIGN(const Stored stored, StoredIn(document));
  if (stored.delete_protected)
    return call->Refuse(ConflictProblem("Dataset is protected from deletion."));
  const SeenDatasets seen = SeenBy(*call);
  if (const auto found = seen.find(document.name); found != seen.end() && found->second.rows != 0)
    return call->Refuse(ConflictProblem("Dataset holds data, which this server cannot delete."));
  SKEP_TRY(call->documents().DeleteDataset(call->project(), stored.name));
  SKEP_TRY(call->documents().Delete(DocumentKind::kDataset, call->project(), document.id));
  call->parts.datasets->Forget(call->project(), document.name);
  call->status = 202;
  return {};
}

constexpr ApiRoute kRoutes[] = {{"GET", "/1/datasets", ListDatasets},
                                {"POST", "/1/datasets", CreateDataset},
                                {"GET", "/1/datasets/{}", GetDataset},
                                {"PUT", "/1/datasets/{}", UpdateDataset},
                                {"DELETE", "/1/datasets/{}", DeleteDataset}};

}  // namespace

Result<std::string> DatasetNamed(ApiCall* call, const std::string& slug_or_name, Span span) {
  if (slug_or_name == kAllDatasets) {
    if (span == Span::kOneDataset) return call->Refuse(NotFoundProblem(kNotFound));
    return std::string(kAllDatasets);
  }
  SKEP_ASSIGN(std::optional<std::string> name, FindDataset(*call, slug_or_name));
  if (!name) return call->Refuse(NotFoundProblem(kNotFound));
  return std::move(*name);
}

Result<std::optional<std::string>> FindDataset(const ApiCall& call, std::string_view slug_or_name) {
  SKEP_ASSIGN(const std::optional<Document> found, FindDocument(call, slug_or_name));
  if (!found) return std::optional<std::string>();
  SKEP_ASSIGN(Stored stored, StoredIn(*found));
  return std::optional<std::string>(std::move(stored.name));
}

Result<Place> DatasetPlace(ApiCall* call) {
  SKEP_ASSIGN(std::string dataset, DatasetNamed(call, call->Argument(0)));
  return Place{.dataset = std::move(dataset)};
}

ApiRoutes DatasetRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
