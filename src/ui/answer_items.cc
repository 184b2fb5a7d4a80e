// SPDX-License-Identifier: Apache-2.0
// Error items, one of them with an occurrence, and what a person makes of one.
#include <charconv>
#include <limits>

#include "errors/item_state.h"
#include "query/occurrences.h"
#include "ui/api.h"
#include "ui/parameters.h"
#include "ui/question.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

constexpr int64_t kClocksDifferNs = 24 * 3600 * kNsPerS;
constexpr size_t kStatusNameMax = 16;

std::optional<uint64_t> WholeNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<Item> ItemOf(const Call& call) {
  const auto counter = WholeNumber(call.rest);
  if (!counter || *counter > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    return Error(Code::kInvalidArgument, "An item is named by its number.");
  SKEP_ASSIGN(Item item, call.parts.items->GetItemByCounter(call.parts.project,
                                                            static_cast<int64_t>(*counter)));
  if (item.status == ItemStatus::kArchived) return Error(Code::kNotFound, "There is no such item.");
  return item;
}

Result<ItemStatus> StatusNamed(std::string_view name) {
  const auto status = ItemStatusFromName(name);
  if (!status || *status == ItemStatus::kArchived)
    return Error(Code::kInvalidArgument, "status must be active, resolved or muted.");
  return *status;
}

void RenderOccurrence(const Occurrence& occurrence, JsonWriter* json) {
  json->Key("occurrence");
  json->BeginObject();
  FieldAsText("id", occurrence.row.event_id, json);
  FieldAsText("time_ns", occurrence.row.time_ns, json);
  if (!occurrence.trace_id.empty()) {
    json->Field("trace_id", std::string_view(occurrence.trace_id.Hex()));
    json->Field("join", NameOf(occurrence.how));
  }
  if (occurrence.newer) FieldAsText("newer", *occurrence.newer, json);
  if (occurrence.older) FieldAsText("older", *occurrence.older, json);
  json->Field("raw", std::string_view(occurrence.row.raw));
  json->EndObject();
}

}  // namespace

Result<std::string> AnswerItems(Call& call) {
  ItemFilter filter;
  filter.project = call.parts.project;
  filter.statuses = {ItemStatus::kActive, ItemStatus::kResolved, ItemStatus::kMuted};
  if (const std::string name = TextOf(call, "status"); !name.empty()) {
    SKEP_ASSIGN(const ItemStatus status, StatusNamed(name));
    filter.statuses = {status};
  }
  filter.title_contains = TextOf(call, "text");
  ItemPaging paging;
  SKEP_ASSIGN(const int64_t limit, IntOf(call, "limit", 1, 1000, 100));
  SKEP_ASSIGN(const int64_t page, IntOf(call, "page", 1, 1'000'000, 1));
  paging.limit = static_cast<size_t>(limit);
  paging.offset = static_cast<size_t>((page - 1) * limit);
  // Items are counted when their occurrences become visible.
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const ItemPage found, call.parts.items->ListItems(filter, paging));
  JsonWriter json;
  json.BeginObject();
  json.Key("items");
  json.BeginArray();
  for (const Item& item : found.items) RenderItem(item, &json);
  json.EndArray();
  json.Field("total", uint64_t{found.total});
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerItem(Call& call) {
  SKEP_TRY(Refresh(call));
  SKEP_ASSIGN(const Item item, ItemOf(call));
  OccurrenceQuestion question;
  question.project = call.parts.project;
  question.item = item.id;
  // Clients' clocks differ: what arrived between may say that it was earlier or later.
  question.range = TimeRange{item.first_occurrence_ns, item.last_occurrence_ns}.Widened(
      kClocksDifferNs, kClocksDifferNs);
  if (const std::string text = TextOf(call, "occurrence"); !text.empty()) {
    question.event_id = WholeNumber(text);
    if (!question.event_id)
      return Error(Code::kInvalidArgument, "occurrence must be the id of one.");
  }
  auto occurrence = ReadOccurrence(*call.parts.reader, question, call.cancel);
  // An item may outlive its occurrences; one that was asked for must be there.
  const bool gone = !occurrence && occurrence.error().code == Code::kNotFound;
  if (!occurrence && (!gone || question.event_id)) return Error(std::move(occurrence.error()));
  JsonWriter json;
  json.BeginObject();
  json.Key("item");
  RenderItem(item, &json);
  if (occurrence) RenderOccurrence(*occurrence, &json);
  json.EndObject();
  return json.Take();
}

Result<std::string> AnswerChangeItem(Call& call) {
  SKEP_ASSIGN(const JsonDocument document, BodyOf(call));
  SKEP_ASSIGN(const std::string name, TextIn(document.root(), "status", kStatusNameMax));
  SKEP_ASSIGN(const ItemStatus status, StatusNamed(name));
  SKEP_ASSIGN(const Item item, ItemOf(call));
  SKEP_ASSIGN(const Item changed, call.parts.items->Modify(item.id, [&](Item& own) {
    return SetItemStatus(own, status, call.now_ns);
  }));
  JsonWriter json;
  json.BeginObject();
  json.Key("item");
  RenderItem(changed, &json);
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
