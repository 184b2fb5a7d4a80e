// SPDX-License-Identifier: Apache-2.0
// Runs tests/golden/query: questions and the SQL behind them, word for word, and each of those
// statements on the engine.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>

#include "query/field_values.h"
#include "query/histogram.h"
#include "query/lines_plan.h"
#include "query/occurrences.h"
#include "query/places.h"
#include "query/requests_plan.h"
#include "query/test_golden.h"
#include "query/testing.h"
#include "query/trace_plan.h"

namespace skep {
namespace {

using golden::CaseFile;
using testing::kTestTimeNs;
using testing::TraceOf;

int64_t Number(const CaseFile& file, const char* key, int64_t otherwise) {
  const std::string text = file.Key(key);
  int64_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

TimeRange RangeOf(const CaseFile& file) {
  return {Number(file, "from", kTestTimeNs), Number(file, "to", kTestTimeNs + 1'000'000'000)};
}

// The newer half of it.
TimeRange WindowOf(const RequestsQuestion& question) {
  const TimeRange& range = question.range;
  return {range.from_ns + (range.to_ns - range.from_ns) / 2, range.to_ns};
}

// With the place in the filter's text behind an error.
template <typename F>
Result<Statement> Placed(F&& plan) {
  size_t position = 0;
  Result<Statement> statement = plan(&position);
  if (!statement)
    return Error(statement.error().code,
                 fmt::format("{} (byte {})", statement.error().message, position));
  return statement;
}

Result<Statement> PlanRequests(const CaseFile& file, std::string_view question) {
  return Placed([&](size_t* position) -> Result<Statement> {
    RequestsQuestion asked;
    asked.range = RangeOf(file);
    asked.by_evidence = file.Key("joins") != "ids";
    if (!file.Key("before").empty())
      asked.before = RequestCursor{Number(file, "before", 0), TraceOf(7)};
    SKEP_ASSIGN(asked.filter, ParseFilter(file.Key("filter"), position));
    if (question == "entry-floor") return PlanEntryFloor(asked, 220, position);
    if (question == "candidates")
      return PlanCandidates(asked, WindowOf(asked),
                            file.Key("older").empty() ? ReadOrder::kNewest : ReadOrder::kWhole, 60,
                            position);
    if (question == "candidates-at")
      return PlanCandidatesAt(asked, WindowOf(asked), asked.range.to_ns - 5, 60, position);
    if (question == "histogram") return PlanHistogram(asked, 15'000'000'000, position);
    return PlanRouteDurations(asked, position);
  });
}

Statement PlanLinesCase(const CaseFile& file, bool floor) {
  LinesQuestion asked;
  asked.range = RangeOf(file);
  asked.text = file.Key("text");
  asked.source = file.Key("source");
  asked.severity_min = static_cast<Severity>(Number(file, "severity", 0));
  if (!file.Key("before").empty()) asked.before = LineCursor{Number(file, "before", 0), 9};
  TraceMembers members{{TraceOf(1), TraceOf(2)}, {5, 6}};
  const TraceMembers* of_trace = file.Key("trace").empty() ? nullptr : &members;
  if (floor) return PlanLinesFloor(asked, of_trace, 101);
  return PlanLines(asked, of_trace, asked.range.from_ns, 101);
}

Statement PlanOccurrenceCase(const CaseFile& file, std::string_view question) {
  OccurrenceQuestion asked;
  asked.item = 77;
  asked.range = RangeOf(file);
  if (!file.Key("id").empty()) asked.event_id = static_cast<uint64_t>(Number(file, "id", 0));
  if (question == "occurrence") return PlanOccurrence(asked);
  EventRow row;
  row.time_ns = kTestTimeNs + 5;
  row.event_id = 3;
  return PlanNeighbour(asked, row, question == "newer-occurrence");
}

Result<Statement> Plan(const CaseFile& file) {
  const std::string question = file.Key("question");
  const TimeRange range = RangeOf(file);
  const std::vector<TimeRange> times = {range, {range.to_ns + 5, range.to_ns + 9}};
  const std::vector<TraceId> traces = {TraceOf(1), TraceOf(2)};
  const std::vector<uint64_t> events = {5, 6};
  const std::vector<int64_t> moments = {kTestTimeNs, kTestTimeNs + 1};
  const std::string text = file.Key("text");
  if (question == "entry-floor" || question.starts_with("candidates") || question == "histogram" ||
      question == "route-durations")
    return PlanRequests(file, question);
  if (question == "entries") return PlanEntries("default", traces, times);
  if (question == "entry-words") return PlanEntryWords("default", traces, moments);
  if (question == "joins") return PlanJoins("default", traces, times);
  if (question == "shares") return PlanShares("default", traces, times);
  if (question == "events") return PlanEvents("default", events, moments, RowDetail::kEntry);
  if (question == "trace")
    return PlanTrace("default", {traces.data(), 1}, std::nullopt, RowDetail::kWhole, 5001);
  if (question == "lean-trace")
    return PlanTrace("default", {traces.data(), 1}, std::nullopt, RowDetail::kLean, 500'001);
  if (question == "joined-traces")
    return PlanTrace("default", traces, range, RowDetail::kWhole, 5001);
  if (question == "trace-count") return PlanTraceCount("default", traces, std::nullopt);
  if (question == "lines-floor" || question == "lines")
    return PlanLinesCase(file, question == "lines-floor");
  if (question == "lines-around") return PlanLinesAround("default", range, {"shop", "/aws/s"}, 200);
  if (question == "joins-of-events") return PlanJoinsOfEvents("default", range, events);
  if (question == "occurrence" || question == "newer-occurrence" || question == "older-occurrence")
    return PlanOccurrenceCase(file, question);
  if (question == "trace-places") return PlanTracePlaces("default", range, TraceIdPrefix(text));
  if (question == "route-places") return PlanNamedPlaces("default", range, PlaceKind::kRoute, text);
  if (question == "user-places") return PlanNamedPlaces("default", range, PlaceKind::kUser, text);
  if (question == "field-values") {
    RequestsQuestion asked;
    asked.range = range;
    return PlanFieldValues(asked, text);
  }
  return Error(Code::kUnimplemented, "unknown question " + question);
}

// Lines end before what a reader looks for.
std::string SpellInLines(const Statement& statement) {
  Statement lines = statement;
  std::string& text = lines.sql;
  for (const std::string_view word :
       {" FROM ", " WHERE ", " AND ", " OR ", " GROUP BY ", " ORDER BY ", " LIMIT "}) {
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
      text[at] = '\n';
  }
  return testing::Spell(lines);
}

SKEP_GOLDEN_STATEMENTS(Query, "query", Plan, SpellInLines);

}  // namespace
}  // namespace skep
