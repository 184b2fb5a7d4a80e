// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_json_api.h"

#include <charconv>
#include <utility>

#include "wire/url.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kPageSize = 20;
constexpr int64_t kPageSizeMax = 100;

Problem BadParameter(const char* name, std::string error) {
  Problem problem;
  problem.status = 422;
  problem.type = "validation-failed/invalid";
  problem.title = "parameter is invalid";
  problem.error = std::move(error);
  problem.parameter = name;
  return problem;
}

// Absent or empty: `otherwise`.
Result<int64_t> Number(ApiCall* call, const char* name, int64_t min, int64_t max,
                       int64_t otherwise) {
  const std::string text = call->request.QueryParameter(name);
  if (text.empty()) return otherwise;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < min || number > max)
    return call->Refuse(BadParameter(name, std::string(name) + " is not valid"));
  return number;
}

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
  SKEP_ASSIGN(const int64_t size, Number(call, "page[size]", 1, kPageSizeMax, kPageSize));
  SKEP_ASSIGN(int64_t after, Number(call, "page[after]", 0, INT64_MAX, 0));
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
