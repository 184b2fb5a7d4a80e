// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup_runs.h"

#include <utility>

namespace skep {
namespace {

BackgroundOptions OptionsOf(const BubbleUpRuns::Options& options) {
  BackgroundOptions all;
  all.running_max = 1;
  all.waiting_max = options.waiting_max;
  all.kept_max = options.kept_max;
  all.noun = "comparison";
  all.nouns = "comparisons";
  return all;
}

}  // namespace

BubbleUpRuns::BubbleUpRuns(BubbleUpParts parts, Options options)
    : types_(parts.types),
      runs_({[parts](const BubbleUpRequest& request, const CancelToken& cancel,
                     const std::shared_ptr<QueryProgress>& progress, const auto& on_step) {
               return RunBubbleUp(parts, request, cancel, on_step, progress);
             },
             // Bounded by what a BubbleUp gives: kept_max of them are little.
             [](const BubbleUpResult&) { return sizeof(BubbleUpResult); }},
            OptionsOf(options)) {}

Result<std::string> BubbleUpRuns::Start(BubbleUpRequest request) {
  if (const SpecErrors errors = CheckBubbleUp(request, *types_); !errors.empty())
    return ErrorOf(errors);
  return runs_.Start(std::move(request));
}

}  // namespace skep
