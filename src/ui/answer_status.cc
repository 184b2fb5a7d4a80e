// SPDX-License-Identifier: Apache-2.0
// What listens, what each door received, and how the sink and the store are.
#include "base/clock.h"
#include "ui/api.h"
#include "ui/render.h"

namespace skep::ui {
namespace {

void RenderAddresses(const Parts& parts, JsonWriter* json) {
  json->Key("addresses");
  json->BeginArray();
  for (const auto& [name, url] : parts.addresses()) {
    json->BeginObject();
    json->Field("name", std::string_view(name));
    json->Field("url", std::string_view(url));
    json->EndObject();
  }
  json->EndArray();
}

int64_t ValueOf(const Parts& parts, Door door, Counter counter) {
  int64_t value = parts.counters->door(static_cast<size_t>(door)).Get(counter);
  if (door == Door::kXRay && counter == Counter::kDropped && parts.datagrams_dropped)
    value += static_cast<int64_t>(parts.datagrams_dropped());
  return value;
}

void RenderDoorCounters(const Parts& parts, JsonWriter* json) {
  json->Key("doors");
  json->BeginArray();
  for (const DoorName& name : kDoorNames) {
    // Honeycomb's own door is shown once something came through it; the joiner is no door.
    if (name.door == Door::kSkep) continue;
    if (name.door == Door::kHoneycomb && ValueOf(parts, name.door, Counter::kRequests) == 0)
      continue;
    json->BeginObject();
    json->Field("door", name.name);
    for (const CounterName& counter : kCounterNames) {
      if (counter.counter == Counter::kLastEventNs) {
        FieldAsText(counter.name, ValueOf(parts, name.door, counter.counter), json);
      } else {
        json->Field(counter.name, ValueOf(parts, name.door, counter.counter));
      }
    }
    json->EndObject();
  }
  json->EndArray();
}

void RenderSink(const SinkStats& stats, JsonWriter* json) {
  json->Key("sink");
  json->BeginObject();
  json->Field("acknowledged", stats.sequence_acknowledged);
  json->Field("committed", stats.sequence_committed);
  json->Field("pending_rows", stats.pending_rows);
  json->Field("journal_bytes", stats.journal_bytes);
  json->Field("recovered_requests", stats.recovered_requests);
  json->Field("torn_bytes", stats.torn_bytes);
  json->Field("corrupt_entries", stats.corrupt_entries);
  json->EndObject();
}

void RenderStore(const StoreStats& stats, JsonWriter* json) {
  json->Key("store");
  json->BeginObject();
  json->Field("rows", stats.rows);
  json->Field("bytes_on_disk", stats.bytes_on_disk);
  json->Field("parts", stats.parts);
  json->Field("merges_running", stats.merges_running);
  json->Field("queries", stats.queries);
  json->Field("query_ms", static_cast<double>(stats.query_ns) / kNsPerMs);
  json->EndObject();
}

}  // namespace

Result<std::string> AnswerStatus(Call& call) {
  const Parts& parts = call.parts;
  SKEP_ASSIGN(const StoreStats store, parts.reader->Stats());
  ItemFilter open;
  open.project = parts.project;
  open.statuses = {ItemStatus::kActive};
  ItemPaging one;
  one.limit = 1;
  SKEP_ASSIGN(const ItemPage items, parts.items->ListItems(open, one));
  JsonWriter json;
  json.BeginObject();
  FieldAsText("now_ns", call.now_ns, &json);
  json.Field("version", std::string_view(parts.version));
  RenderAddresses(parts, &json);
  RenderDoorCounters(parts, &json);
  RenderSink(parts.sink->Stats(), &json);
  RenderStore(store, &json);
  json.Field("open_items", uint64_t{items.total});
  json.EndObject();
  return json.Take();
}

}  // namespace skep::ui
