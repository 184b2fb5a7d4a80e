// SPDX-License-Identifier: Apache-2.0
#include "query/bubbleup/bubbleup_json.h"

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "query/explore/spec_json.h"

namespace skep {
namespace {

std::optional<SpecValue> ValueOf(const JsonView& json) {
  switch (json.type()) {
    case JsonType::kNull:
      return SpecValue();
    case JsonType::kBool:
      return json.boolean();
    case JsonType::kInt64:
      return json.int64();
    case JsonType::kUInt64:
    case JsonType::kFloat64:
      return json.float64();
    case JsonType::kString:
      return std::string(json.text());
    default:
      return std::nullopt;
  }
}

class Parser {
 public:
  explicit Parser(SpecErrors* errors) : errors_(*errors) {}

  std::optional<BubbleUpRequest> Request(const JsonView& json) {
    const size_t before = errors_.size();
    BubbleUpRequest request;
    if (!json.IsObject()) {
      Refuse("", SpecErrorCode::kIncorrectType, "A comparison is an object.");
      return std::nullopt;
    }
    for (size_t i = 0; i < json.size(); ++i) Member(json.NameAt(i), json.At(i), &request);
    if (!json["query"]) Refuse("query", SpecErrorCode::kMissing, "A comparison needs a query.");
    if (!json["selection"])
      Refuse("selection", SpecErrorCode::kMissing, "A comparison needs a selection.");
    if (errors_.size() != before) return std::nullopt;
    return request;
  }

 private:
  void Refuse(std::string field, SpecErrorCode code, std::string why) {
    errors_.push_back({std::move(field), code, std::move(why), {}});
  }

  void Member(std::string_view name, const JsonView& value, BubbleUpRequest* request) {
    if (name == "query") {
      if (auto spec = ParseQuerySpec(value, &errors_)) request->spec = std::move(*spec);
    } else if (name == "dataset") {
      request->dataset = Text(std::string(name), value);
    } else if (name == "selection") {
      request->selection = Selection("selection", value);
    } else if (name == "baseline") {
      request->baseline = Selection("baseline", value);
    } else {
      Refuse(std::string(name), SpecErrorCode::kInvalid, "No such member of a comparison.");
    }
  }

  BubbleUpSelection Selection(const std::string& field, const JsonView& json) {
    BubbleUpSelection selection;
    if (!json.IsObject()) {
      Refuse(field, SpecErrorCode::kIncorrectType, "A selection is an object.");
      return selection;
    }
    for (size_t i = 0; i < json.size(); ++i)
      SelectionMember(field + ".", std::string(json.NameAt(i)), json.At(i), &selection);
    return selection;
  }

  void SelectionMember(const std::string& prefix, const std::string& name, const JsonView& value,
                       BubbleUpSelection* selection) {
    const std::string field = prefix + name;
    if (name == "start_ns") {
      selection->from_ns = Nanoseconds(field, value);
    } else if (name == "end_ns") {
      selection->to_ns = Nanoseconds(field, value);
    } else if (name == "column") {
      selection->column = Text(field, value);
    } else if (name == "low") {
      selection->low = Number(field, value);
    } else if (name == "high") {
      selection->high = Number(field, value);
    } else if (name == "group") {
      Group(field, value, selection);
    } else if (name == "filters") {
      Filters(field, value, selection);
    } else if (name == "filter_combination") {
      const std::string combination = Text(field, value);
      selection->any_filter = combination == "OR";
      if (combination != "OR" && combination != "AND")
        Refuse(field, SpecErrorCode::kInvalid, "Must be AND or OR.");
    } else {
      Refuse(field, SpecErrorCode::kInvalid, "No such member of a selection.");
    }
  }

  std::string Text(std::string field, const JsonView& value) {
    if (!value.IsString()) Refuse(std::move(field), SpecErrorCode::kIncorrectType, "Must be text.");
    return std::string(value.text());
  }

  std::optional<double> Number(const std::string& field, const JsonView& value) {
    const double number = value.float64();
    if (value.IsNumber() && std::isfinite(number)) return number;
    Refuse(field, SpecErrorCode::kIncorrectType, "Must be a number.");
    return std::nullopt;
  }

  // Text, because a browser's numbers have 53 bits.
  std::optional<int64_t> Nanoseconds(const std::string& field, const JsonView& value) {
    int64_t ns = 0;
    const std::string_view text = value.text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ns);
    if (!text.empty() && error == std::errc() && end == text.data() + text.size()) return ns;
    Refuse(field, SpecErrorCode::kIncorrectType, "Must be nanoseconds since 1970, as text.");
    return std::nullopt;
  }

  void Group(const std::string& field, const JsonView& json, BubbleUpSelection* selection) {
    if (!json.IsObject()) {
      Refuse(field, SpecErrorCode::kIncorrectType, "A group is an object of columns and values.");
      return;
    }
    for (size_t i = 0; i < json.size(); ++i) {
      const std::string column(json.NameAt(i));
      if (auto value = ValueOf(json.At(i)))
        selection->group.emplace_back(column, std::move(*value));
      else
        Refuse(field + "." + column, SpecErrorCode::kIncorrectType,
               "Must be a number, a bool, text or null.");
    }
  }

  void Filters(const std::string& field, const JsonView& json, BubbleUpSelection* selection) {
    if (!json.IsArray()) {
      Refuse(field, SpecErrorCode::kIncorrectType, "Must be a list.");
      return;
    }
    for (size_t i = 0; i < json.size(); ++i) {
      auto filter = ParseSpecFilter(json.At(i), field + "[" + std::to_string(i) + "]", &errors_);
      if (filter) selection->filters.push_back(std::move(*filter));
    }
  }

  SpecErrors& errors_;
};

void RenderSide(std::string_view name, uint64_t rows, double weight, JsonWriter* json) {
  json->Key(name);
  json->BeginObject();
  json->Field("rows", rows);
  json->Field("weight", weight);
  json->EndObject();
}

void RenderShares(const BubbleUpShares& shares, JsonWriter* json) {
  json->Field("selection", shares.selection);
  json->Field("baseline", shares.baseline);
  json->Field("selection_rows", shares.selection_rows);
  json->Field("baseline_rows", shares.baseline_rows);
}

void RenderShares(std::string_view name, const BubbleUpShares& shares, JsonWriter* json) {
  json->Key(name);
  json->BeginObject();
  RenderShares(shares, json);
  json->EndObject();
}

void RenderValues(const BubbleUpField& field, JsonWriter* json) {
  json->Key("values");
  json->BeginArray();
  for (const BubbleUpValue& value : field.values) {
    json->BeginObject();
    json->Field("value", std::string_view(value.text));
    RenderShares(value.shares, json);
    json->EndObject();
  }
  json->EndArray();
  RenderShares("others", field.others, json);
}

void RenderBins(const BubbleUpField& field, JsonWriter* json) {
  json->Key("bins");
  json->BeginArray();
  for (const BubbleUpBin& bin : field.bins) {
    json->BeginObject();
    json->Field("low", bin.low);
    json->Field("high", bin.high);
    RenderShares(bin.shares, json);
    json->EndObject();
  }
  json->EndArray();
}

void RenderField(const BubbleUpField& field, JsonWriter* json) {
  const bool is_number = field.kind == BubbleUpKind::kNumber;
  json->BeginObject();
  json->Field("name", std::string_view(field.name));
  json->Field("kind", is_number ? "number" : "category");
  json->Field("score", field.score);
  json->Field("difference", field.difference);
  json->Field("distinct", field.distinct);
  if (is_number)
    RenderBins(field, json);
  else
    RenderValues(field, json);
  RenderShares("absent", field.absent, json);
  json->EndObject();
}

std::string_view NameOf(BubbleUpReason reason) {
  switch (reason) {
    case BubbleUpReason::kNearUnique:
      return "near_unique";
    case BubbleUpReason::kSelectedBy:
      return "selected_by";
    case BubbleUpReason::kTooManyValues:
      return "too_many_values";
  }
  return "near_unique";
}

}  // namespace

std::optional<BubbleUpRequest> ParseBubbleUp(const JsonView& json, SpecErrors* errors) {
  return Parser(errors).Request(json);
}

void RenderBubbleUp(const BubbleUpResult& result, JsonWriter* json) {
  RenderSide("selection", result.selection_rows, result.selection_weight, json);
  RenderSide("baseline", result.baseline_rows, result.baseline_weight, json);
  json->Field("fields_done", uint64_t{result.fields_done});
  json->Field("fields_total", uint64_t{result.fields_total});
  json->Field("fields_complete", result.fields_complete);
  json->Field("rows_read", result.rows_read);
  json->Field("elapsed_ms", static_cast<double>(result.elapsed_ns) / kNsPerMs);
  json->Key("fields");
  json->BeginArray();
  for (const BubbleUpField& field : result.fields) RenderField(field, json);
  json->EndArray();
  json->Key("kept_out");
  json->BeginArray();
  for (const BubbleUpKeptOut& kept : result.kept_out) {
    json->BeginObject();
    json->Field("name", std::string_view(kept.name));
    json->Field("reason", NameOf(kept.reason));
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace skep
