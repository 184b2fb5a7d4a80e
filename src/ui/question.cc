// SPDX-License-Identifier: Apache-2.0
#include "ui/question.h"

#include "fields/kept_fields.h"
#include "query/explore/spec_json.h"
#include "query/explore/used_fields.h"

namespace skep::ui {

namespace {
constexpr size_t kDatasetBytesMax = 255;
}  // namespace

Result<JsonDocument> BodyOf(const Call& call) {
  SKEP_ASSIGN(JsonDocument document, JsonDocument::Parse(call.body));
  if (!document.root().IsObject()) return Error(Code::kInvalidArgument, "The body is no object.");
  return document;
}

Result<std::string> TextIn(const JsonView& body, std::string_view name, size_t bytes_max) {
  const JsonView member = body[name];
  if (!member || member.type() == JsonType::kNull) return std::string();
  if (!member.IsString())
    return Error(Code::kInvalidArgument, std::string(name) + " must be text.");
  if (member.text().size() > bytes_max)
    return Error(Code::kInvalidArgument,
                 std::string(name) + " is longer than " + std::to_string(bytes_max) + " bytes.");
  return std::string(member.text());
}

Result<std::string> DatasetIn(const JsonView& body) {
  SKEP_ASSIGN(std::string dataset, TextIn(body, "dataset", kDatasetBytesMax));
  return dataset.empty() ? std::string(kAllDatasets) : dataset;
}

Error Refusal(Call& call, const SpecErrors& errors) {
  if (!errors.empty()) {
    call.error_field = errors.front().field;
    call.error_position = errors.front().position;
  }
  return ErrorOf(errors);
}

Result<QuerySpec> SpecIn(Call& call, const JsonView& json) {
  if (!json) return Error(Code::kInvalidArgument, "A query is missing.");
  SpecErrors errors;
  std::optional<QuerySpec> spec = ParseQuerySpec(json, &errors);
  if (!spec) return Refusal(call, errors);
  return std::move(*spec);
}

Status AddKeptFields(const Call& call, const std::string& dataset, QuerySpec* spec,
                     const std::set<std::string, std::less<>>& also) {
  SKEP_ASSIGN(const std::vector<CalculatedField> kept,
              fields::KeptFields(*call.parts.documents, call.parts.project, dataset));
  AddUsedFields(kept, spec, also);
  return {};
}

void FieldError(const Error& error, JsonWriter* json) {
  json->Key("error");
  json->BeginObject();
  json->Field("code", ReplyFor(error.code).name);
  json->Field("message", std::string_view(error.message));
  json->EndObject();
}

void FieldSpec(std::string_view name, const QuerySpec& spec, JsonWriter* json) {
  json->Key(name);
  json->BeginObject();
  RenderQuerySpec(spec, json);
  json->EndObject();
}

}  // namespace skep::ui
