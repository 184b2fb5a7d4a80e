// SPDX-License-Identifier: Apache-2.0
#include "ui/parameters.h"

#include <charconv>
#include <limits>

namespace skep::ui {
namespace {

constexpr int64_t kDefaultRangeNs = 30 * 60 * kNsPerS;
constexpr int64_t kRefreshDeadlineMs = 5000;

template <typename T>
std::optional<T> NumberOf(std::string_view text) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Error Bad(std::string_view name, std::string_view what) {
  return Error(Code::kInvalidArgument, std::string(name) + " " + std::string(what));
}

// The two parts of a cursor.
Result<std::pair<int64_t, std::string>> SplitCursor(std::string_view text) {
  const size_t dash = text.find('-', 1);
  if (dash == std::string_view::npos) return Bad("before", "is no cursor of this list.");
  const auto time_ns = NumberOf<int64_t>(text.substr(0, dash));
  if (!time_ns) return Bad("before", "is no cursor of this list.");
  return std::pair(*time_ns, std::string(text.substr(dash + 1)));
}

}  // namespace

std::string TextOf(const Call& call, std::string_view name) {
  for (const auto& [key, value] : call.parameters)
    if (key == name) return value;
  return {};
}

Result<int64_t> IntOf(const Call& call, std::string_view name, int64_t least, int64_t most,
                      int64_t otherwise) {
  const std::string text = TextOf(call, name);
  if (text.empty()) return otherwise;
  const auto number = NumberOf<int64_t>(text);
  if (!number || *number < least || *number > most)
    return Bad(name, "must be a number from " + std::to_string(least) + " to " +
                         std::to_string(most) + ".");
  return *number;
}

Result<TimeRange> RangeOf(const Call& call) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  TimeRange range;
  SKEP_ASSIGN(range.to_ns, IntOf(call, "to", 0, kMost, call.now_ns));
  SKEP_ASSIGN(range.from_ns,
              IntOf(call, "from", 0, kMost, std::max<int64_t>(0, range.to_ns - kDefaultRangeNs)));
  if (range.from_ns >= range.to_ns) return Bad("from", "must be before to.");
  return range;
}

Result<bool> ByEvidenceOf(const Call& call) {
  const std::string joins = TextOf(call, "joins");
  if (joins.empty() || joins == "all") return true;
  if (joins == "ids") return false;
  return Bad("joins", "must be all or ids.");
}

Result<Filter> FilterOf(Call& call) {
  size_t position = 0;
  auto filter = ParseFilter(TextOf(call, "filter"), &position);
  if (!filter) call.error_position = position;
  return filter;
}

Result<TraceId> TraceIdOf(std::string_view text) {
  const auto id = TraceIdFromXRay(text);
  if (!id || id->empty()) return Bad("A trace id", "is 32 hex digits, or 1-8-24 of them.");
  return *id;
}

std::string CursorText(const RequestCursor& cursor) {
  return std::to_string(cursor.time_ns) + "-" + cursor.trace_id.Hex();
}

std::string CursorText(const LineCursor& cursor) {
  return std::to_string(cursor.time_ns) + "-" + std::to_string(cursor.event_id);
}

Result<std::optional<RequestCursor>> RequestCursorOf(const Call& call) {
  std::optional<RequestCursor> cursor;
  const std::string text = TextOf(call, "before");
  if (text.empty()) return cursor;
  SKEP_ASSIGN(const auto parts, SplitCursor(text));
  const auto id = TraceId::FromHex(parts.second);
  if (!id) return Bad("before", "is no cursor of this list.");
  cursor = RequestCursor{parts.first, *id};
  return cursor;
}

Result<std::optional<LineCursor>> LineCursorOf(const Call& call) {
  std::optional<LineCursor> cursor;
  const std::string text = TextOf(call, "before");
  if (text.empty()) return cursor;
  SKEP_ASSIGN(const auto parts, SplitCursor(text));
  const auto id = NumberOf<uint64_t>(parts.second);
  if (!id) return Bad("before", "is no cursor of this list.");
  cursor = LineCursor{parts.first, *id};
  return cursor;
}

Status Refresh(const Call& call) {
  SKEP_ASSIGN(const int64_t fresh, IntOf(call, "fresh", 0, 1, 1));
  return call.parts.reader->Refresh(fresh == 1 ? Freshness::kFresh : Freshness::kRecent,
                                    kRefreshDeadlineMs);
}

}  // namespace skep::ui
