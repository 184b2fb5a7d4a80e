// SPDX-License-Identifier: Apache-2.0
// Queries that were run.
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/render.h"
#include "ui/run_history.h"
#include "wire/json.h"

namespace skep::ui {

Result<std::string> AnswerHistory(Call& call) {
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  SKEP_ASSIGN(const std::vector<PastRun> runs,
              ListPastRuns(*call.parts.documents, call.parts.project, TextOf(call, "text"),
                           static_cast<size_t>(limit)));
  JsonWriter json;
  json.BeginObject();
  json.Key("entries");
  json.BeginArray();
  for (const PastRun& run : runs) {
    json.BeginObject();
    json.Field("id", std::string_view(run.id));
    json.Field("dataset", std::string_view(run.dataset));
    json.Key("query");
    json.Raw(run.query);
    FieldAsText("ran_ns", run.ran_ns, &json);
    json.Field("elapsed_ms", run.elapsed_ms);
    json.Field("rows_read", run.rows_read);
    json.Field("state", std::string_view(run.state));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
