// SPDX-License-Identifier: Apache-2.0
// Parameters of the page's questions, read as openapi.yaml describes them. A value that is none is
// kInvalidArgument with its name, never a default in its place. Pure, but for Refresh.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/log_lines.h"
#include "query/requests_plan.h"
#include "ui/api.h"

namespace skep::ui {

// Empty if absent.
std::string TextOf(const Call& call, std::string_view name);
Result<int64_t> IntOf(const Call& call, std::string_view name, int64_t least, int64_t most,
                      int64_t otherwise);

// `from` and `to`; the last 30 minutes unless said. Never empty.
Result<TimeRange> RangeOf(const Call& call);
// `joins`: false leaves joins by evidence out.
Result<bool> ByEvidenceOf(const Call& call);
// Sets call.error_position for a filter that cannot be read.
Result<Filter> FilterOf(Call& call);
// 32 hex digits, or X-Ray's spelling.
Result<TraceId> TraceIdOf(std::string_view text);

std::string CursorText(const RequestCursor& cursor);
std::string CursorText(const LineCursor& cursor);
Result<std::optional<RequestCursor>> RequestCursorOf(const Call& call);
Result<std::optional<LineCursor>> LineCursorOf(const Call& call);

// Has the store show what `fresh` asks for.
Status Refresh(const Call& call);

}  // namespace skep::ui
