// SPDX-License-Identifier: Apache-2.0
// What all resources of version 2 share: JSON:API's envelope, pages, the team in the path.
// https://jsonapi.org/format. Pure but for the catalog.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "doors/honeycomb/api_call.h"
#include "doors/honeycomb/api_input.h"

namespace skep::honeycomb {

// Refuses a path of another team.
Status CheckTeam(ApiCall* call);
// The path of the call's team with `rest` behind it.
std::string TeamPath(const ApiCall& call, std::string_view rest);

// `data` of a request, of this type; refuses what is none. Its attributes and relationships are
// read from `data` with pointers as places.
Result<Input> ReadData(ApiCall* call, std::string_view type, std::vector<ProblemDetail>* details);

using RenderResource = std::function<Status(const Document&, JsonWriter*)>;
// {"data": {...}}.
Status AnswerOne(ApiCall* call, const Document& document, const RenderResource& render);
// {"data": [...], "links": {"next": ...}}, by page[size] and page[after]; `path` is that of the
// list. `matches` picks what is listed.
Status AnswerPage(ApiCall* call, DocumentKind kind, const std::string& path,
                  const std::function<bool(const Document&)>& matches,
                  const RenderResource& render);

}  // namespace skep::honeycomb
