// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/api_panels.h"

#include <algorithm>
#include <string>
#include <vector>

#include "model/query_spec.h"

namespace skep::honeycomb {
namespace {

constexpr size_t kPanelsMax = 200;
constexpr int64_t kGridWidth = 12;
constexpr int64_t kGridMax = 10'000;
constexpr size_t kTextMax = 10'000;
constexpr size_t kIdMax = 64;

struct Box {
  int64_t x = 0;
  int64_t y = 0;
  int64_t width = 0;
  int64_t height = 0;
};

Box ReadBox(Input* panel) {
  Input position = panel->Object("position");
  Box box;
  box.x = position.Integer("x_coordinate", 0, kGridMax).value_or(0);
  box.y = position.Integer("y_coordinate", 0, kGridMax).value_or(0);
  box.width = position.Integer("width", 0, kGridMax).value_or(0);
  box.height = position.Integer("height", 0, kGridMax).value_or(0);
  return box;
}

// Gives out places from left to right, below everything that has one.
class Layout {
 public:
  void Keep(const Box& box) { y_ = std::max(y_, box.y + box.height); }
  Box Next() {
    constexpr int64_t kWidth = kGridWidth / 2;
    constexpr int64_t kHeight = 4;
    if (x_ + kWidth > kGridWidth) {
      x_ = 0;
      y_ += kHeight;
    }
    const Box box{x_, y_, kWidth, kHeight};
    x_ += kWidth;
    return box;
  }

 private:
  int64_t x_ = 0;
  int64_t y_ = 0;
};

void WriteBox(const Box& box, JsonWriter* body) {
  body->Key("position");
  body->BeginObject();
  body->Field("x_coordinate", box.x);
  body->Field("y_coordinate", box.y);
  body->Field("height", box.height);
  body->Field("width", box.width);
  body->EndObject();
}

// Notes an id that nothing has. Nothing: it was noted, or is not given.
Result<std::optional<Document>> Named(ApiCall* call, Input* in, std::string_view member,
                                      DocumentKind kind, bool required) {
  const std::string id = required ? in->Required(member, kIdMax) : in->Text(member, kIdMax);
  if (id.empty()) return std::optional<Document>();
  auto found = call->documents().Get(kind, call->project(), id);
  if (!found && found.error().code != Code::kNotFound) return Error(std::move(found.error()));
  if (!found) in->Invalid(member, "does not exist");
  return found ? std::optional<Document>(std::move(*found)) : std::nullopt;
}

void CheckSettings(Input* panel) {
  Input settings = panel->Object("visualization_settings");
  for (const char* name :
       {"hide_compare", "hide_hovers", "hide_markers", "utc_xaxis", "overlaid_charts"})
    settings.Bool(name, false);
  const std::vector<JsonView> charts = settings.Array("charts", 100);
  for (size_t i = 0; i < charts.size(); ++i) {
    Input chart = settings.Element("charts", i, charts[i]);
    chart.Integer("chart_index", 0, 100);
    chart.Choice("chart_type", {"default", "line", "stacked", "stat", "tsbar", "cbar", "cpie"},
                 "default");
    chart.Bool("log_scale", false);
    chart.Bool("omit_missing_values", false);
  }
}

Status ReadQueryPanel(ApiCall* call, Input* panel, JsonWriter* body) {
  Input query = panel->RequiredObject("query_panel");
  if (!panel->Member("query_panel").IsObject()) return {};
  SKEP_ASSIGN(const auto found, Named(call, &query, "query_id", DocumentKind::kQuery, true));
  SKEP_ASSIGN(const auto annotation,
              Named(call, &query, "query_annotation_id", DocumentKind::kQueryAnnotation, false));
  CheckSettings(&query);
  body->Key("query_panel");
  body->BeginObject();
  if (found) {
    body->Field("query_id", found->id);
    body->Field("dataset",
                found->dataset == kAllDatasets ? found->dataset : SlugOf(found->dataset));
  }
  if (annotation) body->Field("query_annotation_id", annotation->id);
  body->Field("query_style", query.Choice("query_style", {"graph", "table", "combo"}, "graph"));
  if (const JsonView settings = query.Member("visualization_settings")) {
    body->Key("visualization_settings");
    body->Raw(settings.ToJson());
  }
  body->EndObject();
  return {};
}

Status ReadSloPanel(ApiCall* call, Input* panel, JsonWriter* body) {
  Input slo = panel->RequiredObject("slo_panel");
  if (!panel->Member("slo_panel").IsObject()) return {};
  SKEP_ASSIGN(const auto found, Named(call, &slo, "slo_id", DocumentKind::kSlo, true));
  body->Key("slo_panel");
  body->BeginObject();
  if (found) body->Field("slo_id", found->id);
  body->EndObject();
  return {};
}

void ReadTextPanel(Input* panel, JsonWriter* body) {
  Input text = panel->RequiredObject("text_panel");
  if (!panel->Member("text_panel").IsObject()) return;
  body->Key("text_panel");
  body->BeginObject();
  body->Field("content", text.Required("content", kTextMax));
  body->EndObject();
}

Status ReadPanel(ApiCall* call, Input* panel, const Box& box, JsonWriter* body) {
  const std::string type = panel->Choice("type", {"query", "slo", "text"});
  body->BeginObject();
  body->Field("type", type);
  WriteBox(box, body);
  if (type == "query") SKEP_TRY(ReadQueryPanel(call, panel, body));
  if (type == "slo") SKEP_TRY(ReadSloPanel(call, panel, body));
  if (type == "text") ReadTextPanel(panel, body);
  body->EndObject();
  return {};
}

}  // namespace

Status ReadPanels(ApiCall* call, Input* in, bool automatic, JsonWriter* body) {
  const std::vector<JsonView> views = in->Array("panels", kPanelsMax);
  std::vector<Input> panels;
  std::vector<Box> boxes;
  Layout layout;
  for (size_t i = 0; i < views.size(); ++i) {
    panels.push_back(in->Element("panels", i, views[i]));
    boxes.push_back(ReadBox(&panels.back()));
    if (automatic) boxes.back() = {};
    if (boxes.back().width > 0 && boxes.back().height > 0) layout.Keep(boxes.back());
  }
  body->Key("panels");
  body->BeginArray();
  for (size_t i = 0; i < panels.size(); ++i) {
    if (boxes[i].width == 0 || boxes[i].height == 0) boxes[i] = layout.Next();
    SKEP_TRY(ReadPanel(call, &panels[i], boxes[i], body));
  }
  body->EndArray();
  return {};
}

}  // namespace skep::honeycomb
