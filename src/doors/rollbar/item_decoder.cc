// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/item_decoder.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "base/hex.h"
#include "doors/rollbar/carried.h"
#include "doors/rollbar/decode.h"
#include "doors/rollbar/occurrence_time.h"
#include "doors/rollbar/program_name.h"
#include "errors/grouping.h"
#include "errors/items_observer.h"

namespace skep::rollbar {
namespace {

constexpr size_t kEnvironmentBytesMax = 255;

struct Level {
  std::string_view name;
  Severity severity;
};
constexpr std::array<Level, 5> kLevels = {
    {{"critical", 21}, {"error", 17}, {"warning", 13}, {"info", 9}, {"debug", 5}}};

const Level* FindLevel(std::string_view name) {
  const auto level = std::find_if(kLevels.begin(), kLevels.end(),
                                  [&](const Level& known) { return known.name == name; });
  return level == kLevels.end() ? nullptr : level;
}

Error Bad(const char* message) { return Error(Code::kFailedPrecondition, message); }

}  // namespace

ItemDecoder::ItemDecoder(RecordBatch* batch, TapeView data, const DecodeContext& context,
                         const Limits& limits)
    : batch_(batch), data_(data), context_(context), limits_(limits), fields_(batch, limits) {}

Status ItemDecoder::CheckFields() const {
  const TapeView environment = data_["environment"];
  if (!environment) return Bad("Invalid format. data.environment is missing and it is required.");
  if (!environment.IsString()) return Bad("Invalid format. data.environment should be string.");
  if (environment.raw().size() > kEnvironmentBytesMax)
    return Bad("Invalid format. data.environment should have at most 255 characters.");
  const TapeView level = data_["level"];
  if (level && !level.IsString()) return Bad("Invalid format. data.level should be string.");
  if (level && FindLevel(level.text()) == nullptr)
    return Bad("Invalid format. data.level should be critical, error, warning, info or debug.");
  return {};
}

Status ItemDecoder::Decode() {
  SKEP_TRY(CheckFields());
  SKEP_ASSIGN(ItemContent content, ReadOccurrence(data_));
  const std::string_view raw = data_.raw();
  if (raw.size() > limits_.string_bytes_max) return Bad("Invalid format. data is too large.");

  Record& record = batch_->BeginRecord({});
  SetColumns(&record, content);
  AddGroup(&record, &content);
  const TapeView custom = data_["custom"] ? data_["custom"] : content.extra;
  const bool message = content.occurrence.kind == ErrorKind::kMessage;
  const CarriedIds ids = FindItemIds(data_, custom, message ? content.message : "");
  record.trace_id = ids.trace_id;
  record.parent_id = ids.span_id;
  AddProgram();
  AddPerson();
  AddRequest();
  AddServer();
  AddAttributesList();
  fields_.AddFields("custom", custom);
  if (fields_.left_out() != 0)
    batch_->Add("rollbar.fields_left_out", Value::Int(static_cast<int64_t>(fields_.left_out())));
  batch_->EndRecord();
  return {};
}

void ItemDecoder::SetColumns(Record* record, const ItemContent& content) {
  record->time_ns = TimeNs();
  record->signal = Signal::kError;
  const std::string_view level = LevelOf(content);
  record->severity = FindLevel(level)->severity;
  if (level == "error" || level == "critical") record->status = SpanStatus::kError;
  record->dataset = DatasetOf();
  record->body = content.message;
  record->raw = data_.raw();
  fields_.AddText(error_attributes::kLevel, level);
  fields_.AddText(kUuid, Uuid());
}

std::string_view ItemDecoder::LevelOf(const ItemContent& content) const {
  const std::string_view level = data_["level"].text();
  if (!level.empty()) return level;
  return content.occurrence.kind == ErrorKind::kMessage ? "info" : "error";
}

void ItemDecoder::AddGroup(Record* record, ItemContent* content) {
  ErrorOccurrence& occurrence = content->occurrence;
  occurrence.project = "default";
  occurrence.environment = data_["environment"].text();
  occurrence.source_root = data_["server"]["root"].text();
  occurrence.given_title = data_["title"].text();
  occurrence.given_fingerprint = data_["fingerprint"].AsText();
  const Grouping grouping = GroupOf(occurrence);
  record->item = grouping.item;
  record->name = batch_->arena().Copy(grouping.title);
  fields_.AddText(error_attributes::kFingerprint, batch_->arena().Copy(grouping.fingerprint));
  fields_.AddText(error_attributes::kEnvironment, occurrence.environment);
  if (!occurrence.exceptions.empty()) {
    fields_.AddText(error_attributes::kExceptionType, occurrence.exceptions.front().type);
    fields_.AddText("exception.message", occurrence.exceptions.front().message);
  }
  if (const ErrorFrame* frame = MainFrame(occurrence)) {
    fields_.AddText("code.file.path", frame->filename);
    fields_.AddText("code.function.name", frame->method);
    if (frame->line != 0) fields_.AddInt("code.line.number", frame->line);
  }
}

void ItemDecoder::AddProgram() {
  fields_.AddText(error_attributes::kPlatform, data_["platform"].text());
  fields_.AddText(error_attributes::kFramework, data_["framework"].text());
  fields_.AddText(error_attributes::kLanguage, data_["language"].text());
  fields_.AddText("rollbar.context", data_["context"].text());
  TapeView version = data_["code_version"];
  if (!version) version = data_["server"]["code_version"];
  if (!version) version = data_["client"]["javascript"]["code_version"];
  fields_.AddAsText(error_attributes::kCodeVersion, version);
  fields_.AddText("rollbar.notifier.name", data_["notifier"]["name"].text());
  fields_.AddText("rollbar.notifier.version", data_["notifier"]["version"].text());
  if (data_["is_uncaught"].IsBool())
    fields_.AddBool("rollbar.is_uncaught", data_["is_uncaught"].boolean());
}

void ItemDecoder::AddPerson() {
  const TapeView person = data_["person"];
  // People are known by their id, which some programs send as a number.
  fields_.AddAsText(error_attributes::kPersonId, person["id"]);
  fields_.AddAsText("enduser.username", person["username"]);
  fields_.AddAsText("enduser.email", person["email"]);
}

void ItemDecoder::AddRequest() {
  const TapeView request = data_["request"];
  const std::string_view url = request["url"].text();
  const std::string_view method = request["method"].text();
  if (!method.empty()) {
    char* const upper = batch_->arena().Allocate(method.size());
    std::transform(method.begin(), method.end(), upper, [](char c) { return ToUpper(c); });
    fields_.AddText("http.request.method", {upper, method.size()});
  }
  fields_.AddText("url.full", url);
  fields_.AddText("url.path", PathOf(url));
  fields_.AddText("client.address", AddressOf(request["user_ip"].text()));
  std::string_view agent = data_["client"]["javascript"]["browser"].text();
  request["headers"].ForEachMember([&](std::string_view name, TapeView value) {
    if (EqualsIgnoringCase(name, "user-agent")) agent = value.text();
  });
  fields_.AddText("user_agent.original", agent);
}

// Browsers do not know their own address and ask for the one that the request came from; Rollbar's
// clients can also ask for a part of it only.
std::string_view ItemDecoder::AddressOf(std::string_view user_ip) {
  if (user_ip == "$remote_ip") return batch_->arena().Copy(context_.context);
  if (user_ip != "$remote_ip_anonymize") return user_ip;
  const size_t dot = context_.context.rfind('.');
  if (dot == std::string_view::npos) return {};
  return batch_->arena().Concat(context_.context.substr(0, dot + 1), "0");
}

void ItemDecoder::AddServer() {
  const TapeView server = data_["server"];
  fields_.AddText("host.name", server["host"].text());
  if (server["pid"].IsInt()) fields_.AddInt("process.pid", server["pid"].int64());
  fields_.AddAsText("process.command_args", server["argv"]);
  fields_.AddText("rollbar.server.root", server["root"].text());
  fields_.AddText("rollbar.server.branch", server["branch"].text());
}

// rollbar.js 3: [{"key":"session_id","value":"…"}, …]
void ItemDecoder::AddAttributesList() {
  data_["attributes"].ForEachElement([&](TapeView attribute) {
    const std::string_view key = attribute["key"].text();
    if (!key.empty())
      fields_.AddFields(batch_->arena().Concat("rollbar.", key), attribute["value"]);
  });
}

std::string_view ItemDecoder::DatasetOf() {
  const std::string_view program = ProgramNameOf(data_["server"]["root"].text());
  if (!program.empty()) return program;
  // A page is known by the site that it is on.
  const std::string_view site =
      data_["platform"].text() == "browser" ? HostOf(data_["request"]["url"].text()) : "";
  return site.empty() ? kUnknownProgram : site;
}

int64_t ItemDecoder::TimeNs() const {
  TapeView timestamp = data_["timestamp"];
  if (!timestamp) timestamp = data_["client"]["timestamp"];
  if (timestamp.IsInt()) return OccurrenceTime(timestamp.int64(), context_.receive_time_ns);
  return OccurrenceTime(timestamp.float64(), context_.receive_time_ns);
}

std::string_view ItemDecoder::Uuid() {
  const std::string_view given = data_["uuid"].text();
  if (!given.empty()) return given;
  // The same at replay, and another one for the same bytes at another time.
  DedupKey key = DedupKeyOf({}, WireFormat::kRollbarItem, batch_->body());
  key.low ^= static_cast<uint64_t>(context_.receive_time_ns) * 0x9E3779B97F4A7C15ull;
  std::string hex;
  for (const uint64_t half : {key.high, key.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) hex.push_back(kHexDigits[half >> shift & 15]);
  }
  return batch_->arena().Copy(hex);
}

}  // namespace skep::rollbar
