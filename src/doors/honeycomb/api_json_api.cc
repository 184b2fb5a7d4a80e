// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_json_api.h"

#include <utility>

#include "doors/honeycomb/api_parameter.h"
#include "wire/url.h"

namespace skep::honeycomb {
namespace {

std::string NextPage(const ApiCall& call, const std::string& path, int64_t size, int64_t after) {
  std::string next = path + "?page%5Bsize%5D=" + std::to_string(size) +
                     "&page%5Bafter%5D=" + std::to_string(after);
  const std::string type = call.request.QueryParameter("filter[type]");
  if (!type.empty()) next += "&filter%5Btype%5D=" + type;
  return next;
}

}  // namespace

Status CheckTeam(ApiCall* call) {
  if (call->Argument(0) == call->parts.options.team_slug) return {};
  return call->Refuse(NotFoundProblem("Team not found"));
}

std::string TeamPath(const ApiCall& call, std::string_view rest) {
  return "/2/teams/" + call.parts.options.team_slug + std::string(rest);
}

Result<Input> ReadData(ApiCall* call, std::string_view type, std::vector<ProblemDetail>* details) {
  const JsonView data = call->body["data"];
  if (!data.IsObject())
    return call->Refuse(InvalidProblem({{"/data", "missing", "cannot be blank"}}));
  if (data["type"].text() != type)
    return call->Refuse(
        InvalidProblem({{"/data/type", "invalid", "must be " + std::string(type)}}));
  if (!data["attributes"].IsObject())
    return call->Refuse(InvalidProblem({{"/data/attributes", "missing", "cannot be blank"}}));
  return Input(data, details, "/data", "/");
}

Status AnswerOne(ApiCall* call, const Document& document, const RenderResource& render) {
  call->out.BeginObject();
  call->out.Key("data");
  SKEP_TRY(render(document, &call->out));
  call->out.EndObject();
  return {};
}

Status AnswerPage(ApiCall* call, DocumentKind kind, const std::string& path,
                  const std::function<bool(const Document&)>& matches,
                  const RenderResource& render) {
  SKEP_ASSIGN(const int64_t size, NumberParameter(call, "page[size]", 1, kPageSizeMax, kPageSize));
  SKEP_ASSIGN(int64_t after, NumberParameter(call, "page[after]", 0, INT64_MAX, 0));
  call->out.BeginObject();
  call->out.Key("data");
  call->out.BeginArray();
  std::string next;
  int64_t written = 0;
  for (bool more = true; more && next.empty();) {
    SKEP_ASSIGN(const DocumentPage page,
                call->documents().List({.kind = kind, .project = call->project()}, after));
    for (const Document& document : page.documents) {
      if (!matches(document)) continue;
      if (written == size) {
        next = NextPage(*call, path, size, after);
        break;
      }
      SKEP_TRY(render(document, &call->out));
      after = document.ordinal;
      ++written;
    }
    more = page.more;
    if (more && next.empty()) after = page.documents.back().ordinal;
  }
  call->out.EndArray();
  call->out.Key("links");
  call->out.BeginObject();
  call->out.Key("next");
  if (next.empty()) call->out.Null();
  if (!next.empty()) call->out.String(next);
  call->out.EndObject();
  call->out.EndObject();
  return {};
}

}  // namespace skep::honeycomb
