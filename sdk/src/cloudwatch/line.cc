// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/line.h"

#include <algorithm>
#include <ctime>

#include "core/json_text.h"

namespace skep::sdk::cloudwatch {
namespace {

// Cuts the body so that with what follows it the line keeps the limit.
Line Fitted(std::string body, std::string_view tail, size_t bytes_max) {
  Line line;
  if (body.size() + tail.size() <= bytes_max) {
    line.text = std::move(body);
  } else {
    const size_t room = bytes_max - std::min(bytes_max, tail.size() + 40);  // 40: of the mark
    const std::string_view front = FrontOf(body, room);
    line.text =
        std::string(front) + "[cut: " + std::to_string(body.size() - front.size()) + " bytes]";
    line.cut = true;
  }
  line.text += tail;
  if (line.text.empty()) line.text = " ";
  return line;
}

std::string IsoTime(int64_t unix_ns) {
  const std::time_t seconds = unix_ns / 1'000'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32];
  char text[48];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  const int64_t micros = unix_ns % 1'000'000'000 / 1000;
  std::snprintf(text, sizeof text, "%s.%06dZ", date, static_cast<int>(micros));
  return text;
}

void AppendMember(std::string& out, std::string_view name, const AttributeValue& value) {
  out += out.empty() ? '{' : ',';
  AppendJsonString(out, name);
  out += ':';
  AppendJson(out, value);
}

bool IsOwnMember(std::string_view name) {
  return name == "time" || name == "level" || name == "logger" || name == "message" ||
         name == "trace_id" || name == "span_id";
}

std::string JsonLine(const LogRecord& record, std::string_view body, bool with_attributes) {
  std::string out;
  AppendMember(out, "time", IsoTime(record.time_unix_ns));
  AppendMember(out, "level", SeverityText(record.severity));
  if (record.scope != nullptr && !record.scope->name.empty())
    AppendMember(out, "logger", record.scope->name);
  AppendMember(out, "message", body);
  if (record.span_context.IsValid()) {
    AppendMember(out, "trace_id", record.span_context.trace_id.Hex());
    AppendMember(out, "span_id", record.span_context.span_id.Hex());
  }
  if (with_attributes) {
    for (const auto& [name, value] : record.attributes) {
      AppendMember(out, IsOwnMember(name) ? "attributes." + std::string(name) : std::string(name),
                   value);
    }
  }
  return out + "}";
}

// Cut so that it stays JSON: first the attributes go, then the end of the message.
Line FittedJson(const LogRecord& record, size_t bytes_max) {
  Line line{JsonLine(record, record.body, true), false};
  if (line.text.size() <= bytes_max) return line;
  line.cut = true;
  const std::string body = CleanUtf8(record.body);
  const size_t all = line.text.size();
  for (size_t room = std::min(body.size(), bytes_max);; room /= 2) {
    const std::string_view front = FrontOf(body, room);
    line.text = JsonLine(
        record, std::string(front) + "[cut: " + std::to_string(all - front.size()) + " bytes]",
        false);
    if (line.text.size() <= bytes_max || room == 0) return line;
  }
}

}  // namespace

Line FormatLine(const LogRecord& record, const LogExporterOptions& options) {
  if (options.format == LineFormat::kJson) return FittedJson(record, options.event_bytes_max);
  std::string tail;
  if (options.append_ids && record.span_context.IsValid()) {
    tail = " trace_id=" + record.span_context.trace_id.Hex() +
           " span_id=" + record.span_context.span_id.Hex();
  }
  return Fitted(CleanUtf8(record.body), tail, options.event_bytes_max);
}

}  // namespace skep::sdk::cloudwatch
