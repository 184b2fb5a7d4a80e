// SPDX-License-Identifier: Apache-2.0
// FieldChoice: which fields a BubbleUp looks at, how it tells their values apart, and in which
// order: those with a handful of values first, since they mostly tell the story; ids not at all.
// Pure.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "query/bubbleup/bubbleup.h"
#include "query/bubbleup/bubbleup_plan.h"

namespace skep {

struct FieldChoice {
  std::vector<std::vector<BubbleUpColumn>> steps;  // each one statement
  std::vector<BubbleUpKeptOut> kept_out;           // known before any row is read
  size_t fields() const;
};

// The fields that the selections are made by: they would only say the question again.
std::set<std::string, std::less<>> SelectedBy(const BubbleUpRequest& request);

// `sampled`: some row may stand for more than itself.
FieldChoice ChooseFields(const BubbleUpRequest& request, const FieldList& list,
                         const Fields& fields, bool sampled);

}  // namespace skep
