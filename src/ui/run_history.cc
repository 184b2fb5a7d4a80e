// SPDX-License-Identifier: Apache-2.0
#include "ui/run_history.h"

#include <functional>

#include "base/ascii.h"
#include "base/log.h"
#include "query/explore/spec_json.h"
#include "wire/json.h"

namespace skep::ui {
namespace {

// Equal questions have equal names; a name's length is bounded.
std::string NameFor(const std::string& query) {
  constexpr size_t kPlainMax = 1024;
  if (query.size() <= kPlainMax) return query;
  return query.substr(0, kPlainMax) + "#" + std::to_string(std::hash<std::string>()(query));
}

std::string BodyText(std::string_view query, int64_t ran_ns, std::string_view state,
                     int64_t elapsed_ms, uint64_t rows_read) {
  JsonWriter json;
  json.BeginObject();
  json.Key("query");
  json.Raw(query);
  json.Field("ran_ns", ran_ns);
  json.Field("state", state);
  json.Field("elapsed_ms", elapsed_ms);
  json.Field("rows_read", rows_read);
  json.EndObject();
  return json.Take();
}

Result<PastRun> Read(const Document& document) {
  SKEP_ASSIGN(const JsonDocument body, JsonDocument::Parse(document.body));
  const JsonView root = body.root();
  PastRun run;
  run.id = document.id;
  run.dataset = document.dataset;
  run.query = root["query"].ToJson();
  run.ran_ns = root["ran_ns"].int64();
  run.state = root["state"].text();
  run.elapsed_ms = root["elapsed_ms"].int64();
  run.rows_read = static_cast<uint64_t>(root["rows_read"].int64());
  return run;
}

Status Note(Documents& documents, const std::string& project, const RunStatus& run) {
  const auto found = documents.Get(DocumentKind::kQueryRun, project, run.id);
  if (!found && found.error().code == Code::kNotFound) return {};
  if (!found) return found.error();
  SKEP_ASSIGN(const PastRun past, Read(*found));
  if (past.state != NameOf(RunState::kRunning)) return {};
  if (run.error && !run.error->detail.empty()) LogError("ui", *run.error);
  const auto noted =
      documents.Modify(DocumentKind::kQueryRun, project, run.id, [&](Document& document) -> Status {
        document.body = BodyText(past.query, past.ran_ns, NameOf(run.state), run.elapsed_ms,
                                 run.result ? run.result->rows_read : run.rows_read);
        return {};
      });
  if (!noted) return noted.error();
  return {};
}

}  // namespace

std::string_view NameOf(RunState state) {
  switch (state) {
    case RunState::kWaiting:
      return "waiting";
    case RunState::kRunning:
      return "running";
    case RunState::kDone:
      return "done";
    case RunState::kFailed:
      break;
  }
  return "failed";
}

Status Remember(Documents& documents, const std::string& project, const std::string& dataset,
                const QuerySpec& spec, const std::string& run_id, int64_t now_ns) {
  const std::string query = RenderQuerySpec(spec);
  Document document;
  document.kind = DocumentKind::kQueryRun;
  document.project = project;
  document.dataset = dataset;
  document.id = run_id;
  document.name = NameFor(query);
  document.body = BodyText(query, now_ns, NameOf(RunState::kRunning), 0, 0);
  const auto before = documents.Find(document.kind, project, dataset, document.name);
  if (before) SKEP_TRY(documents.Delete(document.kind, project, before->id));
  const auto made = documents.Create(document);
  // The same question asked twice at once stands once.
  if (!made && made.error().code != Code::kAlreadyExists) return made.error();
  return documents.Trim(document.kind, project, kHistoryMax);
}

void NoteOutcome(Documents& documents, const std::string& project, const RunStatus& run) {
  const Status noted = Note(documents, project, run);
  if (!noted) LogError("ui", noted.error());
}

Result<std::vector<PastRun>> ListPastRuns(const Documents& documents, const std::string& project,
                                          std::string_view text, size_t limit) {
  SKEP_ASSIGN(const std::vector<Document> all,
              documents.ListAll({.kind = DocumentKind::kQueryRun, .project = project}));
  const std::string wanted = ToLower(text);
  std::vector<PastRun> runs;
  for (auto document = all.rbegin(); document != all.rend() && runs.size() < limit; ++document) {
    SKEP_ASSIGN(PastRun run, Read(*document));
    const std::string words = ToLower(run.query + " " + run.dataset);
    if (words.find(wanted) != std::string::npos) runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace skep::ui
