// SPDX-License-Identifier: Apache-2.0
#include "query/explore/result_json.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace skep {
namespace {

class Renderer {
 public:
  Renderer(const QueryResult& result, JsonWriter* json) : result_(result), json_(*json) {}

  void Render() {
    json_.Key("series");
    json_.BeginArray();
    for (const SeriesPoint& point : result_.series)
      Entry(&point.time_s, &result_.rows[point.row].group, point.measures);
    json_.EndArray();
    json_.Key("results");
    json_.BeginArray();
    for (const ResultRow& row : result_.rows) Entry(nullptr, &row.group, row.measures);
    json_.EndArray();
    Whole("total_by_aggregate", result_.total);
    Series("total_by_aggregate_series", result_.total_series);
    Whole("other_by_aggregate", result_.other);
    Series("other_by_aggregate_series", result_.other_series);
    json_.Field("start_time", result_.start_s);
    json_.Field("end_time", result_.end_s);
    json_.Field("granularity", result_.granularity_s);
  }

 private:
  void Whole(std::string_view name, const Measures& measures) {
    if (measures.empty()) return;
    json_.Key(name);
    Entry(nullptr, nullptr, measures);
  }

  void Series(std::string_view name, const std::vector<TotalPoint>& series) {
    if (series.empty()) return;
    json_.Key(name);
    json_.BeginArray();
    for (const TotalPoint& point : series) Entry(&point.time_s, nullptr, point.measures);
    json_.EndArray();
  }

  void Entry(const int64_t* time_s, const std::vector<SpecValue>* group, const Measures& measures) {
    json_.BeginObject();
    if (time_s != nullptr) json_.Field("time", TimeText(*time_s));
    json_.Key("data");
    json_.BeginObject();
    if (group != nullptr)
      for (size_t i = 0; i < group->size(); ++i) {
        json_.Key(result_.breakdowns[i]);
        Value((*group)[i]);
      }
    for (size_t i = 0; i < measures.size(); ++i) {
      json_.Key(result_.keys[i]);
      Value(measures[i]);
    }
    json_.EndObject();
    Errors(measures);
    json_.EndObject();
  }

  // Neighbours are mostly of the same time.
  std::string_view TimeText(int64_t time_s) {
    if (time_text_.empty() || time_s != time_s_) {
      const std::time_t time = time_s;
      std::tm utc = {};
      gmtime_r(&time, &utc);
      time_text_ = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc);
      time_s_ = time_s;
    }
    return time_text_;
  }

  void Errors(const Measures& measures) {
    bool begun = false;
    for (size_t i = 0; i < measures.size(); ++i) {
      if (measures[i].standard_error == 0) continue;
      if (!begun) {
        json_.Key("standard_error");
        json_.BeginObject();
        begun = true;
      }
      json_.Field(result_.keys[i], measures[i].standard_error);
    }
    if (begun) json_.EndObject();
  }

  void Value(const SpecValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return json_.Bool(*flag);
    if (const auto* whole = std::get_if<int64_t>(&value)) return json_.Int(*whole);
    if (const auto* real = std::get_if<double>(&value)) return json_.Float(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return json_.String(*text);
    json_.Null();
  }

  void Value(const Measure& measure) {
    if (const auto* number = std::get_if<double>(&measure.value)) return json_.Float(*number);
    const auto* heatmap = std::get_if<Heatmap>(&measure.value);
    if (heatmap == nullptr) return json_.Null();
    json_.BeginObject();
    json_.Key("cells");
    json_.BeginArray();
    for (const HeatmapCell& cell : *heatmap) {
      json_.BeginArray();
      json_.Float(cell.low);
      json_.Float(cell.high);
      json_.Float(cell.count);
      json_.EndArray();
    }
    json_.EndArray();
    json_.EndObject();
  }

  const QueryResult& result_;
  JsonWriter& json_;
  int64_t time_s_ = 0;
  std::string time_text_;
};

}  // namespace

void RenderQueryResult(const QueryResult& result, JsonWriter* json) {
  json->BeginObject();
  Renderer(result, json).Render();
  if (result.compare) {
    json->Key("compare");
    json->BeginObject();
    json->Field("offset_seconds", result.start_s - result.compare->start_s);
    Renderer(*result.compare, json).Render();
    json->EndObject();
  }
  json->EndObject();
}

}  // namespace skep
