// SPDX-License-Identifier: Apache-2.0
// /1/maps: which service calls which. A request runs in the background; its answer is read by id,
// in pages, while dependency_runs.h has it.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "doors/honeycomb/api_input.h"
#include "doors/honeycomb/api_parameter.h"
#include "doors/honeycomb/api_stored.h"
#include "doors/honeycomb/dependency_runs.h"
#include "model/query_spec.h"
#include "query/explore/query_window.h"

namespace skep::honeycomb {
namespace {

constexpr int64_t kLimit = 10'000;
constexpr int64_t kLimitMax = 64'000;
constexpr size_t kFiltersMax = 100;
constexpr size_t kNameMax = 1024;
constexpr int64_t kSecondsMax = 9'000'000'000;  // of the year 2255; in ns they fit 64 bits
constexpr int64_t kWaitMs = 200;                // for a run that is nearly done
constexpr char kPath[] = "/1/maps/dependencies/requests/";

// Times as in queries, but for an empty range, which may be asked for.
TimeRange ReadRange(Input* in, int64_t now_ns) {
  QuerySpec times;
  times.start_time = in->Integer("start_time", 0, kSecondsMax);
  times.end_time = in->Integer("end_time", 0, kSecondsMax);
  times.time_range = in->Integer("time_range", 1, kSecondsMax);
  if (times.start_time && times.end_time && times.time_range)
    in->Invalid("time_range", "cannot stand with both start_time and end_time");
  QueryWindow window = WindowOf(times, now_ns);
  if (window.start_s > window.end_s) in->Invalid("end_time", "must not be before start_time");
  window.start_s = std::clamp<int64_t>(window.start_s, 0, kSecondsMax);
  window.end_s = std::clamp<int64_t>(window.end_s, window.start_s, kSecondsMax);
  return window.range();
}

std::vector<std::string> ReadServices(Input* in) {
  std::vector<std::string> services;
  const std::vector<JsonView> filters = in->Array("filters", kFiltersMax);
  for (size_t i = 0; i < filters.size(); ++i) {
    Input node = in->Element("filters", i, filters[i]);
    if (!filters[i].IsObject()) continue;
    services.push_back(node.Required("name", kNameMax));
    node.Choice("type", {"service"}, "service");
  }
  return services;
}

std::string_view StatusOf(const DependencyRun& run) {
  if (run.state == RunState::kFailed) return "error";
  return run.state == RunState::kDone ? "ready" : "pending";
}

Status CreateRequest(ApiCall* call) {
  std::vector<ProblemDetail> details;
  Input in(call->body, &details);
  DependencyQuestion question;
  SKEP_ASSIGN(const int64_t limit, NumberParameter(call, "limit", 1, kLimitMax, kLimit));
  question.limit = static_cast<size_t>(limit);
  question.map.scope.project = call->project();
  question.map.scope.range = ReadRange(&in, call->now_ns);
  question.services = ReadServices(&in);
  SKEP_TRY(CheckInput(call, in));
  auto id = call->parts.dependencies->Start(std::move(question));
  if (!id && id.error().code == Code::kResourceExhausted)
    return RefuseToWait(call, "Too many service maps are waiting to be made.");
  if (!id) return Error(std::move(id.error()));
  SKEP_ASSIGN(const DependencyRun run, call->parts.dependencies->Look(*id, kWaitMs));
  const std::string_view status = StatusOf(run);
  call->status = status == "pending" ? 201 : 200;
  call->headers.emplace_back("Location", kPath + *id);
  call->out.BeginObject();
  call->out.Field("request_id", *id);
  call->out.Field("status", status);
  call->out.EndObject();
  return {};
}

void WriteNode(std::string_view member, std::string_view name, JsonWriter* json) {
  json->Key(member);
  json->BeginObject();
  json->Field("name", name);
  json->Field("type", "service");
  json->EndObject();
}

// The dependencies from the `after`th on; where the next page begins, 0: there is none.
size_t WritePage(const std::vector<Dependency>& all, size_t after, size_t size, JsonWriter* json) {
  const size_t end = std::min(all.size(), after + size);
  json->BeginArray();
  for (size_t i = after; i < end; ++i) {
    json->BeginObject();
    WriteNode("parent_node", all[i].parent, json);
    WriteNode("child_node", all[i].child, json);
    json->Field("call_count", all[i].calls);
    json->EndObject();
  }
  json->EndArray();
  return end < all.size() ? end : 0;
}

Status GetRequest(ApiCall* call) {
  SKEP_ASSIGN(const int64_t size, NumberParameter(call, "page[size]", 1, kPageSizeMax, kPageSize));
  SKEP_ASSIGN(const int64_t after, NumberParameter(call, "page[after]", 0, kLimitMax, 0));
  auto run = call->parts.dependencies->Look(call->Argument(0), kWaitMs);
  if (!run && run.error().code == Code::kNotFound)
    return call->Refuse(NotFoundProblem("Map dependency request not found"));
  if (!run) return Error(std::move(run.error()));
  JsonWriter& json = call->out;
  json.BeginObject();
  json.Field("request_id", run->id);
  json.Field("status", StatusOf(*run));
  json.Key("dependencies");
  size_t next = 0;
  if (run->result != nullptr) {
    call->headers.emplace_back("Cache-Control", "private, max-age=86400");
    call->headers.emplace_back("Last-Modified", HttpDate(run->started_ns));
    next = WritePage(*run->result, static_cast<size_t>(after), static_cast<size_t>(size), &json);
  } else {
    json.Null();
  }
  json.Key("links");
  json.BeginObject();
  json.Key("next");
  if (next == 0) json.Null();
  if (next != 0)
    json.String(kPath + run->id + "?page%5Bsize%5D=" + std::to_string(size) +
                "&page%5Bafter%5D=" + std::to_string(next));
  json.EndObject();
  json.EndObject();
  return {};
}

constexpr ApiRoute kRoutes[] = {
    {"POST", "/1/maps/dependencies/requests", CreateRequest, BodyUse::kMayBeEmpty},
    {"GET", "/1/maps/dependencies/requests/{}", GetRequest}};

}  // namespace

ApiRoutes MapRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
