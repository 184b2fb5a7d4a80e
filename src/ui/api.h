// SPDX-License-Identifier: Apache-2.0
// The answers of the page's API: each takes a Call and gives the JSON text of a 200, or the error
// that is answered instead. Thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "query/condition.h"
#include "ui/register.h"
#include "wire/url.h"

namespace skep::ui {

// One question of the page, with its parameters taken apart.
struct Call {
  const Parts& parts;
  QueryParameters parameters;
  std::string rest;  // of the path, behind the route's prefix; decoded
  std::string_view body;
  CancelToken cancel;
  int64_t now_ns = 0;
  int64_t began_ns = 0;                  // monotonic
  std::optional<size_t> error_position;  // in the filter's or the field's text; where it has one
  std::string error_field;  // its place in a query, such as filters[1].op; set where it has one

  double ElapsedMs() const;
};

using AnswerFunction = Result<std::string> (*)(Call& call);

Result<std::string> AnswerStatus(Call& call);
Result<std::string> AnswerRequests(Call& call);
Result<std::string> AnswerHistogram(Call& call);
Result<std::string> AnswerFieldValues(Call& call);
Result<std::string> AnswerTrace(Call& call);
Result<std::string> AnswerDiff(Call& call);
Result<std::string> AnswerMap(Call& call);
Result<std::string> AnswerMapExamples(Call& call);
Result<std::string> AnswerGoTo(Call& call);
Result<std::string> AnswerLogs(Call& call);
Result<std::string> AnswerItems(Call& call);
Result<std::string> AnswerItem(Call& call);
Result<std::string> AnswerChangeItem(Call& call);
Result<std::string> AnswerStartRun(Call& call);
Result<std::string> AnswerRun(Call& call);
Result<std::string> AnswerCancelRun(Call& call);
Result<std::string> AnswerStartBubbleUp(Call& call);
Result<std::string> AnswerBubbleUp(Call& call);
Result<std::string> AnswerCancelBubbleUp(Call& call);
Result<std::string> AnswerRows(Call& call);
Result<std::string> AnswerColumns(Call& call);
Result<std::string> AnswerFunctions(Call& call);
Result<std::string> AnswerCheckQuery(Call& call);
Result<std::string> AnswerHistory(Call& call);
Result<std::string> AnswerSavedQueries(Call& call);
Result<std::string> AnswerSavedQuery(Call& call);
Result<std::string> AnswerSaveQuery(Call& call);
Result<std::string> AnswerChangeSavedQuery(Call& call);
Result<std::string> AnswerDeleteSavedQuery(Call& call);
Result<std::string> AnswerBoards(Call& call);
Result<std::string> AnswerBoard(Call& call);
Result<std::string> AnswerMakeBoard(Call& call);
Result<std::string> AnswerChangeBoard(Call& call);
Result<std::string> AnswerDeleteBoard(Call& call);

}  // namespace skep::ui
