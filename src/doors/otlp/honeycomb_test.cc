// SPDX-License-Identifier: Apache-2.0
// Compares our records of real requests with what Honeycomb's own translator made of the same bytes
// (husky 0.43.0, the
// *.flat.jsonl beside each fixture). Left out on both sides is what can be computed from the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "doors/golden/case_file.h"
#include "doors/golden/runner.h"
#include "doors/otlp/decode.h"
#include "model/canonical.h"
#include "wire/json.h"

namespace skep::otlp {
namespace {

using Flat = std::map<std::string, std::string>;  // column -> its value as JSON

constexpr std::string_view kComputed[] = {"duration_ms",
                                          "span.num_events",
                                          "span.num_links",
                                          "parent_name",
                                          "type",
                                          "telemetry.instrumentation_library",
                                          "severity",
                                          "flags",
                                          "exception.escaped"};

bool IsComputed(std::string_view name) {
  return name.starts_with("meta.") ||
         std::find(std::begin(kComputed), std::end(kComputed), name) != std::end(kComputed);
}

std::string Quoted(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);  // Honeycomb's JSON text ends with one
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

// Whole numbers alike, whether they came as integers or floats.
std::string Number(double value) { return std::to_string(value); }

Flat FlatOfHoneycomb(JsonView event) {
  Flat flat;
  const JsonView data = event["data"];
  for (size_t i = 0; i < data.size(); ++i) {
    std::string name(data.NameAt(i));
    if (IsComputed(name)) continue;
    if (name == "body" && data.NameAt(i + 1).starts_with("body.")) continue;  // its keys are sorted
    if (name.starts_with("body.")) name.erase(0, 5);
    const JsonView value = data.At(i);
    flat[name] = value.IsString()   ? Quoted(value.text())
                 : value.IsNumber() ? Number(value.float64())
                                    : value.ToJson();
  }
  flat["@dataset"] = event["dataset"].text();
  flat["@rate"] = Number(event["samplerate"].float64());
  int64_t time_ns = 0;
  EXPECT_TRUE(ParseTime(event["time"].text(), &time_ns));
  flat["@time"] = FormatTime(time_ns);
  return flat;
}

void AddValue(std::string_view name, const Value& value, Flat* flat) {
  std::string& out = (*flat)[std::string(name)];
  switch (value.type()) {
    case ValueType::kInt64:
      out = Number(static_cast<double>(value.int64()));
      break;
    case ValueType::kFloat64:
      out = Number(value.float64());
      break;
    case ValueType::kBool:
      out = value.boolean() ? "true" : "false";
      break;
    case ValueType::kString:
      out = Quoted(value.text());
      break;
  }
}

Flat FlatOfRecord(const RecordBatch& batch, const Record& record) {
  constexpr std::string_view kKinds[] = {"unspecified", "internal", "server",
                                         "client",      "producer", "consumer"};
  Flat flat;
  batch.ForEach(record, [&](std::string_view name, const Value& value) {
    if (!IsComputed(name)) AddValue(name, value, &flat);
  });
  const bool map_body = record.body.starts_with('{');
  if (!record.body.empty() && !map_body) flat["body"] = Quoted(record.body);
  if (record.signal != Signal::kLog && !record.name.empty()) flat["name"] = Quoted(record.name);
  if (!record.trace_id.empty()) flat["trace.trace_id"] = Quoted(record.trace_id.Hex());
  if (!record.span_id.empty()) flat["trace.span_id"] = Quoted(record.span_id.Hex());
  if (!record.parent_id.empty()) flat["trace.parent_id"] = Quoted(record.parent_id.Hex());
  if (record.signal == Signal::kSpan) {
    flat["span.kind"] = Quoted(kKinds[static_cast<size_t>(record.kind)]);
    flat["status_code"] = Number(static_cast<double>(record.status));
  }
  if (record.status == SpanStatus::kError) flat["error"] = "true";
  if (record.signal == Signal::kLog) flat["severity_code"] = Number(record.severity);
  flat["@dataset"] = record.dataset;
  flat["@rate"] = Number(record.sample_rate);
  flat["@time"] = FormatTime(record.time_ns);
  return flat;
}

std::vector<std::string> Fixtures() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(SKEP_SOURCE_DIR "/tests/fixtures/otlp"))
    if (entry.path().extension() == ".jsonl") paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

class Honeycomb : public testing::TestWithParam<std::string> {};

TEST_P(Honeycomb, AgreesOnEveryFieldThatCannotBeComputed) {
  std::string stem = GetParam();
  stem.resize(stem.size() - std::string_view(".flat.jsonl").size());
  const bool json = std::filesystem::exists(stem + ".json");
  const auto body = golden::ReadFile(stem + (json ? ".json" : ".pb"));
  ASSERT_TRUE(body);
  const auto batch = Decode(stem.ends_with("logs") ? SignalType::kLogs : SignalType::kTraces,
                            json ? Encoding::kJson : Encoding::kProtobuf, Bytes(*body), {}, {});
  ASSERT_TRUE(batch) << batch.error().message;
  std::vector<Flat> ours;
  for (const Record& record : batch->records()) ours.push_back(FlatOfRecord(*batch, record));

  std::vector<Flat> theirs;
  const auto lines = golden::ReadFile(GetParam());
  ASSERT_TRUE(lines);
  for (size_t at = 0; at < lines->size();) {
    const size_t end = std::min(lines->find('\n', at), lines->size());
    const auto event = JsonDocument::Parse(std::string_view(*lines).substr(at, end - at));
    ASSERT_TRUE(event) << event.error().message;
    theirs.push_back(FlatOfHoneycomb(event->root()));
    at = end + 1;
  }
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  ASSERT_EQ(ours.size(), theirs.size());
  for (size_t i = 0; i < ours.size(); ++i) {
    // A line with no time of its own has the time when it was observed; Honeycomb says 1970.
    if (theirs[i]["@time"].starts_with("1970-")) theirs[i]["@time"] = ours[i]["@time"];
    EXPECT_EQ(ours[i], theirs[i]);
  }
}

std::string TestName(const testing::TestParamInfo<std::string>& param) {
  return golden::TestNameOf(param.param);
}

INSTANTIATE_TEST_SUITE_P(Otlp, Honeycomb, testing::ValuesIn(Fixtures()), TestName);

}  // namespace
}  // namespace skep::otlp
