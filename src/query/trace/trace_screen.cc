// SPDX-License-Identifier: Apache-2.0
#include "query/trace/trace_screen.h"

#include <chrono>
#include <utility>

#include "query/trace_plan.h"

namespace skep {
namespace {

constexpr std::chrono::seconds kWaitMax(20);

Result<bool> IsPresent(Reader& reader, const TraceQuestion& question, const LongTrace& trace,
                       const CancelToken& cancel) {
  std::vector<TraceId> ids = trace.header.other_trace_ids;
  ids.push_back(trace.header.trace_id);
  SKEP_ASSIGN(const ResultTable count,
              reader.Run(PlanTraceCount(question.project, ids, std::nullopt), {}, cancel));
  return count.rows > 0 && count.column(0).UInt(0) == trace.header.records;
}

struct Measured {
  std::vector<ClockSkew> skews;
  TraceTree tree;
};

Measured Measure(const Trace& trace, bool corrected) {
  Measured measured{{}, TraceTree(trace)};
  measured.skews = MeasureSkew(measured.tree);
  if (corrected) measured.tree.Shift(ShiftsOf(measured.skews));
  return measured;
}

// What pages of it need besides the tree.
Trace HeaderOf(Trace trace) {
  trace.rows.clear();
  trace.rows.shrink_to_fit();
  for (TraceJoin& join : trace.joins) join.rows.clear();
  return trace;
}

Result<std::shared_ptr<const LongTrace>> Assemble(Reader& reader, TraceCache& cache,
                                                  TraceQuestion question, bool corrected,
                                                  const CancelToken& cancel) {
  if (!cache.slots().try_acquire_for(kWaitMax))
    return Error(Code::kUnavailable, "Other long traces are being read; ask again.");
  question.rows_max = 0;
  auto trace = ReadTrace(reader, question, cancel);
  std::unique_ptr<LongTrace> made;
  if (trace) {
    Measured measured = Measure(*trace, corrected);
    made = std::make_unique<LongTrace>(HeaderOf(std::move(*trace)), std::move(measured.skews),
                                       std::move(measured.tree));
  }
  cache.slots().release();
  if (!trace) return Error(trace.error());
  return cache.Keep({question.trace_id, question.by_evidence, corrected}, std::move(made));
}

}  // namespace

Result<TraceScreen> ReadTraceScreen(Reader& reader, TraceCache& cache,
                                    const TraceQuestion& question, bool corrected,
                                    const CancelToken& cancel) {
  TraceScreen screen;
  const LongTraceKey key = {question.trace_id, question.by_evidence, corrected};
  if (auto kept = cache.Find(key, 0)) {
    SKEP_ASSIGN(const bool present, IsPresent(reader, question, *kept, cancel));
    if (present) {
      screen.long_trace = std::move(kept);
      return screen;
    }
  }
  TraceQuestion whole = question;
  whole.lean_rows_max = 0;
  auto trace = ReadTrace(reader, whole, cancel);
  if (trace) {
    Measured measured = Measure(*trace, corrected);
    screen.whole.emplace(TraceScreen::Whole{std::move(*trace), std::move(measured.skews),
                                            TraceAnalysis(std::move(measured.tree))});
    return screen;
  }
  if (trace.error().code != Code::kResourceExhausted) return Error(trace.error());
  SKEP_ASSIGN(screen.long_trace, Assemble(reader, cache, question, corrected, cancel));
  return screen;
}

Result<std::shared_ptr<const LongTrace>> ReadLongTrace(Reader& reader, TraceCache& cache,
                                                       const TraceQuestion& question,
                                                       bool corrected, uint64_t version,
                                                       const CancelToken& cancel) {
  const LongTraceKey key = {question.trace_id, question.by_evidence, corrected};
  if (auto kept = cache.Find(key, version)) return kept;
  SKEP_ASSIGN(TraceScreen screen, ReadTraceScreen(reader, cache, question, corrected, cancel));
  if (!screen.long_trace)
    return Error(Code::kFailedPrecondition, "This trace is short: it comes whole.");
  return std::move(screen.long_trace);
}

}  // namespace skep
