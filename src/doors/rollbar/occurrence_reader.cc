// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/occurrence_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace skep::rollbar {
namespace {

constexpr size_t kFramesMax = 10'000;  // ten times what runtimes list
constexpr size_t kTracesMax = 1000;

Error Bad(const std::string& what) {
  return Error(Code::kFailedPrecondition, "Invalid format. " + what);
}
Error Missing(const std::string& path) { return Bad(path + " is missing and it is required."); }

// rollbar-go lists the newest call first, everybody else the oldest.
bool NewestFirst(TapeView data) { return data["language"].text() == "go"; }

Result<ErrorException> ReadTrace(TapeView trace, const std::string& path) {
  if (!trace.IsObject()) return Bad(path + " should be object.");
  const TapeView frames = trace["frames"];
  if (!frames) return Missing(path + ".frames");
  if (!frames.IsArray()) return Bad(path + ".frames should be array.");
  const TapeView exception = trace["exception"];
  if (!exception) return Missing(path + ".exception");
  if (!exception.IsObject()) return Bad(path + ".exception should be object.");
  const TapeView type = exception["class"];
  if (!type) return Missing(path + ".exception.class");
  if (!type.IsString()) return Bad(path + ".exception.class should be string.");

  ErrorException out;
  out.type = type.text();
  out.message = exception["message"].AsText();
  if (out.message.empty()) out.message = exception["description"].AsText();
  bool objects = true;
  if (frames.size() > kFramesMax) return Bad(path + ".frames has too many elements.");
  out.frames.reserve(frames.size());
  frames.ForEachElement([&](TapeView frame) {
    ErrorFrame& added = out.frames.emplace_back();
    objects = objects && frame.IsObject();
    frame.ForEachMember([&](std::string_view name, TapeView value) {
      if (name == "filename") added.filename = value.text();
      if (name == "method") added.method = value.text();
      if (name == "class_name") added.class_name = value.text();
      if (name == "lineno") added.line = value.int64();
    });
  });
  if (!objects) return Bad(path + ".frames should be an array of objects.");
  return out;
}

Status ReadChain(TapeView chain, ItemContent* content) {
  if (!chain.IsArray()) return Bad("data.body.trace_chain should be array.");
  if (chain.size() > kTracesMax) return Bad("data.body.trace_chain has too many elements.");
  std::vector<ErrorException>& exceptions = content->occurrence.exceptions;
  Status status;
  chain.ForEachElement([&](TapeView trace) {
    if (!status) return;
    auto exception =
        ReadTrace(trace, "data.body.trace_chain[" + std::to_string(exceptions.size()) + "]");
    if (!exception) {
      status = exception.error();
      return;
    }
    if (exceptions.empty()) content->extra = trace["extra"];
    exceptions.push_back(std::move(*exception));
  });
  SKEP_TRY(status);
  if (exceptions.empty()) return Bad("data.body.trace_chain should have at least one trace.");
  return {};
}

Status ReadMessage(TapeView message, ItemContent* content) {
  if (!message.IsObject()) return Bad("data.body.message should be object.");
  const TapeView body = message["body"];
  if (!body) return Missing("data.body.message.body");
  content->occurrence.kind = ErrorKind::kMessage;
  content->occurrence.text = content->message = body.AsText();
  content->extra = message["extra"];
  return {};
}

Status ReadReport(TapeView report, ItemContent* content) {
  if (!report.IsObject()) return Bad("data.body.crash_report should be object.");
  const TapeView raw = report["raw"];
  if (!raw) return Missing("data.body.crash_report.raw");
  if (!raw.IsString()) return Bad("data.body.crash_report.raw should be string.");
  content->occurrence.kind = ErrorKind::kReport;
  content->occurrence.text = content->message = raw.text();
  return {};
}

}  // namespace

Result<ItemContent> ReadOccurrence(TapeView data) {
  const TapeView body = data["body"];
  if (!body) return Missing("data.body");
  if (!body.IsObject()) return Bad("data.body should be object.");
  const TapeView trace = body["trace"];
  const TapeView chain = body["trace_chain"];
  const TapeView message = body["message"];
  const TapeView report = body["crash_report"];
  const std::array<bool, 4> forms = {bool(trace), bool(chain), bool(message), bool(report)};
  if (std::count(forms.begin(), forms.end(), true) != 1) {
    return Bad(
        "data.body must have either a 'trace', 'trace_chain', 'message' or 'crash_report' "
        "property, (but not more than one).");
  }
  ItemContent content;
  content.occurrence.kind = ErrorKind::kExceptions;
  if (trace) {
    SKEP_ASSIGN(ErrorException exception, ReadTrace(trace, "data.body.trace"));
    content.occurrence.exceptions.push_back(std::move(exception));
    content.extra = trace["extra"];
  } else if (chain) {
    SKEP_TRY(ReadChain(chain, &content));
  } else if (message) {
    SKEP_TRY(ReadMessage(message, &content));
  } else {
    SKEP_TRY(ReadReport(report, &content));
  }
  std::vector<ErrorException>& exceptions = content.occurrence.exceptions;
  if (!exceptions.empty()) content.message = exceptions.front().message;
  if (NewestFirst(data)) {
    for (ErrorException& exception : exceptions)
      std::reverse(exception.frames.begin(), exception.frames.end());
  }
  return content;
}

}  // namespace skep::rollbar
