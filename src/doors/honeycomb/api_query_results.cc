// SPDX-License-Identifier: Apache-2.0
// /1/query_results: a query that runs in the background. What was asked is kept with its times
// fixed, so that an id answers the same later: from memory while the run is there, by running it
// again after that.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "doors/honeycomb/api_dataset.h"
#include "doors/honeycomb/api_queries.h"
#include "fields/kept_fields.h"
#include "query/explore/query_runs.h"
#include "query/explore/query_window.h"
#include "query/explore/result_json.h"
#include "query/explore/spec_json.h"
#include "query/explore/used_fields.h"
#include "wire/url.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kKept = 10'000;  // results whose ids answer
constexpr int64_t kWaitMs = 200;  // for a run that is nearly done, instead of one more poll
constexpr int64_t kLimitMax = 10'000;

// What a result was asked with, as its document keeps it.
struct Asked {
  std::string query_id;
  std::string run;  // of QueryRuns, while that has it
  bool series = true;
  bool total = false;
  bool other = false;
  std::optional<int64_t> limit;
  int64_t start_s = 0;
  int64_t end_s = 0;
};

std::string BodyOf(const Asked& asked) {
  JsonWriter json;
  json.BeginObject();
  json.Field("query_id", asked.query_id);
  json.Field("run", asked.run);
  json.Field("series", asked.series);
  json.Field("total", asked.total);
  json.Field("other", asked.other);
  if (asked.limit) json.Field("limit", *asked.limit);
  json.Field("start_time", asked.start_s);
  json.Field("end_time", asked.end_s);
  json.EndObject();
  return json.Take();
}

Result<Asked> AskedIn(const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, honeycomb::BodyOf(document));
  const JsonView root = body.root();
  Asked asked;
  asked.query_id = root["query_id"].text();
  asked.run = root["run"].text();
  asked.series = root["series"].boolean();
  asked.total = root["total"].boolean();
  asked.other = root["other"].boolean();
  if (root["limit"]) asked.limit = root["limit"].int64();
  asked.start_s = root["start_time"].int64();
  asked.end_s = root["end_time"].int64();
  return asked;
}

// The request of a spec whose times are fixed to what was asked.
Result<QueryRequest> RequestOf(const ApiCall& call, const std::string& dataset,
                               const QuerySpec& spec, const Asked& asked) {
  QueryRequest request;
  request.spec = spec;
  request.spec.start_time = asked.start_s;
  request.spec.end_time = asked.end_s;
  request.spec.time_range.reset();
  SKEP_ASSIGN(const std::vector<CalculatedField> kept,
              fields::KeptFields(call.documents(), call.project(), dataset));
  AddUsedFields(kept, &request.spec);
  request.project = call.project();
  request.dataset = dataset;
  request.now_ns = call.now_ns;
  request.series = asked.series;
  request.total = asked.total;
  request.other = asked.other;
  if (asked.limit) request.limit = static_cast<uint32_t>(*asked.limit);
  return request;
}

Status Start(ApiCall* call, const QueryRequest& request, Asked* asked) {
  const SpecErrors errors = CheckQuery(request, *call->parts.types);
  if (!errors.empty()) {
    std::vector<ProblemDetail> details;
    NoteErrors(errors, "query", &details);
    return call->Refuse(InvalidProblem(std::move(details)));
  }
  auto started = call->parts.runs->Start(request);
  if (!started && started.error().code == Code::kResourceExhausted)
    return RefuseToWait(call, "Too many queries are waiting to run.");
  if (!started) return Error(std::move(started.error()));
  asked->run = std::move(*started);
  return {};
}

std::string SlugOrAll(const std::string& dataset) {
  return dataset == kAllDatasets ? dataset : SlugOf(dataset);
}

// A page of this server that shows the same query over the same time.
std::string PageOf(const ApiCall& call, const std::string& dataset, const QuerySpec& spec,
                   const Asked& asked) {
  QuerySpec own = spec;
  own.start_time.reset();
  own.end_time.reset();
  own.time_range.reset();
  std::string url = call.base + "/explore?q=" + PercentEncode(RenderQuerySpec(own));
  if (dataset != kAllDatasets) url += "&dataset=" + PercentEncode(dataset);
  return url + "&from=" + std::to_string(asked.start_s) +
         "000000000&to=" + std::to_string(asked.end_s) + "000000000";
}

void Answer(ApiCall* call, const std::string& id, const std::string& dataset, const QuerySpec& spec,
            const Asked& asked, const QueryResult* result) {
  JsonWriter& json = call->out;
  json.BeginObject();
  json.Key("query");
  json.BeginObject();
  RenderQuerySpec(spec, &json);
  json.Field("id", asked.query_id);
  json.EndObject();
  json.Field("id", id);
  json.Field("complete", result != nullptr);
  if (result != nullptr) {
    json.Key("data");
    RenderQueryResult(*result, &json);
  }
  const std::string page = PageOf(*call, dataset, spec, asked);
  json.Key("links");
  json.BeginObject();
  json.Field("query_url", page);
  json.Field("graph_image_url", page);
  json.EndObject();
  json.EndObject();
}

Result<QuerySpec> NeedQuery(ApiCall* call, const std::string& dataset, const std::string& id) {
  SKEP_ASSIGN(auto spec, KeptQuery(*call, dataset, id));
  if (!spec) return call->Refuse(NotFoundProblem("Query not found"));
  return std::move(*spec);
}

Status CreateResult(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetNamed(call, call->Argument(0)));
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  Asked asked;
  asked.query_id = in.Required("query_id", 64);
  asked.series = !in.Bool("disable_series", false);
  asked.total = !in.Bool("disable_total_by_aggregate", true);
  asked.other = !in.Bool("disable_other_by_aggregate", true);
  asked.limit = in.Integer("limit", 1, asked.series ? kLimitMax / 10 : kLimitMax);
  SKEP_TRY(CheckInput(call, in));
  SKEP_ASSIGN(const QuerySpec spec, NeedQuery(call, dataset, asked.query_id));
  const QueryWindow window = WindowOf(spec, call->now_ns);
  asked.start_s = window.start_s;
  asked.end_s = window.end_s;
  SKEP_ASSIGN(const QueryRequest request, RequestOf(*call, dataset, spec, asked));
  SKEP_TRY(Start(call, request, &asked));
  Document document;
  document.kind = DocumentKind::kQueryResult;
  document.project = call->project();
  document.dataset = dataset;
  document.body = BodyOf(asked);
  SKEP_ASSIGN(const Document made, call->documents().Create(document));
  SKEP_TRY(call->documents().Trim(DocumentKind::kQueryResult, call->project(), kKept));
  call->status = 201;
  call->headers.emplace_back("Location", "/1/query_results/" + SlugOrAll(dataset) + "/" + made.id);
  Answer(call, made.id, dataset, spec, asked, nullptr);
  return {};
}

// A run that failed, as the client hears it. One that asked for too much hears so once and for all;
// trouble of ours may be gone next time.
Error RefuseFailed(ApiCall* call, const Error& error) {
  if (error.code == Code::kInvalidArgument || error.code == Code::kResourceExhausted ||
      error.code == Code::kDeadlineExceeded || error.code == Code::kCancelled)
    return call->Refuse(InvalidProblem({{"query", "invalid", error.message}}));
  return error;
}

Status GetResult(ApiCall* call) {
  SKEP_ASSIGN(const std::string dataset, DatasetNamed(call, call->Argument(0)));
  auto document =
      call->documents().Get(DocumentKind::kQueryResult, call->project(), call->Argument(1));
  if (!document && document.error().code != Code::kNotFound)
    return Error(std::move(document.error()));
  if (!document || document->dataset != dataset)
    return call->Refuse(NotFoundProblem("Query result not found"));
  SKEP_ASSIGN(Asked asked, AskedIn(*document));
  SKEP_ASSIGN(const QuerySpec spec, NeedQuery(call, dataset, asked.query_id));
  auto status = call->parts.runs->Look(asked.run, kWaitMs);
  if (!status && status.error().code == Code::kNotFound) {
    SKEP_ASSIGN(const QueryRequest request, RequestOf(*call, dataset, spec, asked));
    SKEP_TRY(Start(call, request, &asked));
    SKEP_TRY(call->documents().Modify(DocumentKind::kQueryResult, call->project(), document->id,
                                      [&](Document& result) -> Status {
                                        result.body = BodyOf(asked);
                                        return {};
                                      }));
    status = call->parts.runs->Look(asked.run, kWaitMs);
  }
  if (!status) return Error(std::move(status.error()));
  if (status->error) return RefuseFailed(call, *status->error);
  if (status->result != nullptr) {
    call->headers.emplace_back("Cache-Control", "private, max-age=86400");
    call->headers.emplace_back("Last-Modified", HttpDate(document->created_ns));
  }
  Answer(call, document->id, dataset, spec, asked, status->result.get());
  return {};
}

constexpr ApiRoute kRoutes[] = {{"POST", "/1/query_results/{}", CreateResult},
                                {"GET", "/1/query_results/{}/{}", GetResult}};

}  // namespace

ApiRoutes QueryResultRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
