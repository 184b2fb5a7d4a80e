// SPDX-License-Identifier: Apache-2.0
#include "rollbar/item_json.h"

#include <unistd.h>

#include <cinttypes>

#include "core/json_text.h"

namespace skep::sdk::rollbar {
namespace {

// Appends members to a JSON object that is being written.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  ~ObjectWriter() { out_ += '}'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  std::string& Name(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    AppendJsonString(out_, name);
    out_ += ':';
    return out_;
  }
  void Text(std::string_view name, std::string_view value) { AppendJsonString(Name(name), value); }
  void TextIfAny(std::string_view name, std::string_view value, size_t bytes_max = SIZE_MAX) {
    if (!value.empty()) Text(name, FrontOf(value, bytes_max));
  }
  void Number(std::string_view name, int64_t value) { Name(name) += std::to_string(value); }

 private:
  std::string& out_;
  bool first_ = true;
};

std::string HostName() {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return host;
}

// The program's file: stands in for the folder of its code, which a binary does not know.
std::string ProgramPath() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<size_t>(size)) : "";
}

void WriteFrame(std::string& out, const StackFrame& frame) {
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%" PRIxPTR, frame.offset);
  const std::string place = (frame.module.empty() ? "?" : frame.module) + offset;
  ObjectWriter json(out);
  json.Text("filename",
            frame.file.empty() ? (frame.module.empty() ? "?" : frame.module) : frame.file);
  if (frame.line > 0) json.Number("lineno", frame.line);
  json.Text("method", frame.function.empty() ? place : frame.function);
  if (frame.file.empty()) json.Text("address", place);
}

void WriteTrace(std::string& out, const Trace& trace, const CrashNote* crash) {
  std::vector<StackFrame> frames = crash == nullptr ? trace.stack.Resolve() : ResolveFrames(*crash);
  if (frames.empty()) frames.emplace_back();  // Rollbar takes no trace without one
  ObjectWriter json(out);
  json.Name("frames") += '[';
  for (size_t i = frames.size(); i > 0; --i) {  // Rollbar has the most recent one last
    if (i < frames.size()) out += ',';
    WriteFrame(out, frames[i - 1]);
  }
  out += ']';
  json.Name("exception");
  ObjectWriter exception(out);
  exception.Text("class", trace.type.empty() ? "unknown" : trace.type);
  exception.Text("message", trace.message);
}

void WriteTelemetry(std::string& out, const std::vector<Telemetry>& telemetry) {
  out += '[';
  for (size_t i = 0; i < telemetry.size(); ++i) {
    if (i > 0) out += ',';
    ObjectWriter json(out);
    json.Text("level", LevelText(telemetry[i].level));
    json.Text("type", "log");
    json.Text("source", "server");
    json.Number("timestamp_ms", telemetry[i].time_unix_ns / 1'000'000);
    json.Name("body");
    ObjectWriter body(out);
    body.Text("message", telemetry[i].message);
  }
  out += ']';
}

void WriteBody(std::string& out, const PendingItem& item) {
  ObjectWriter json(out);
  if (item.chain.empty()) {
    json.Name("message");
    ObjectWriter message(out);
    message.Text("body", item.message);
  } else if (item.chain.size() == 1) {
    WriteTrace(json.Name("trace"), item.chain[0], item.crash.get());
  } else {
    json.Name("trace_chain") += '[';
    for (size_t i = 0; i < item.chain.size(); ++i) {
      if (i > 0) out += ',';
      WriteTrace(out, item.chain[i], nullptr);
    }
    out += ']';
  }
  if (!item.telemetry.empty()) WriteTelemetry(json.Name("telemetry"), item.telemetry);
}

void WriteFields(std::string& out, const Fields& fields, const Scrubber& scrubber) {
  ObjectWriter json(out);
  for (const auto& [name, value] : fields)
    json.Text(name, scrubber.IsSecret(name) ? kScrubbed : value);
}

std::string UserIp(const Request& request, CaptureIp capture) {
  if (capture == CaptureIp::kNo) return {};
  return capture == CaptureIp::kYes ? request.user_ip : AnonymizedIp(request.user_ip);
}

void WriteRequest(std::string& out, const Request& request, const ReporterOptions& options,
                  const Scrubber& scrubber) {
  ObjectWriter json(out);
  const std::string_view query = QueryOf(request.url);
  json.TextIfAny("method", request.method);
  json.TextIfAny("url", scrubber.Url(request.url));
  json.TextIfAny("query_string", scrubber.Query(query));
  const Fields get = request.get.empty() ? ParseQuery(query) : request.get;
  if (!get.empty()) WriteFields(json.Name("GET"), get, scrubber);
  if (!request.post.empty()) WriteFields(json.Name("POST"), request.post, scrubber);
  if (!request.route_params.empty())
    WriteFields(json.Name("params"), request.route_params, scrubber);
  if (!request.headers.empty()) WriteFields(json.Name("headers"), request.headers, scrubber);
  if (options.include_request_body) json.TextIfAny("body", request.body);
  json.TextIfAny("user_ip", UserIp(request, options.capture_ip));
}

void WritePerson(std::string& out, const Person& person, const ReporterOptions& options) {
  ObjectWriter json(out);
  json.Text("id", FrontOf(person.id, 40));
  if (options.capture_username) json.TextIfAny("username", person.username, 255);
  if (options.capture_email) json.TextIfAny("email", person.email, 255);
}

void WriteServer(std::string& out, const PendingItem& item, const ReporterOptions& options) {
  ObjectWriter json(out);
  json.TextIfAny("host", options.host.empty() ? HostName() : options.host);
  json.TextIfAny("root", options.root.empty() ? ProgramPath() : options.root);
  json.TextIfAny("branch", options.branch);
  json.TextIfAny("code_version", options.code_version, 40);
  json.Number("pid", item.pid);
}

}  // namespace

std::string_view LevelText(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
    case Level::kCritical:
      return "critical";
  }
  return "error";
}

std::string CustomMembers(Attributes attributes, const Scrubber& scrubber) {
  std::string out;
  for (const auto& [name, value] : attributes) {
    if (!out.empty()) out += ',';
    AppendJsonString(out, name);
    out += ':';
    AppendJson(out, scrubber.IsSecret(name) ? AttributeValue(kScrubbed) : value);
  }
  return out;
}

std::string ItemJson(const PendingItem& item, const ReporterOptions& options,
                     const Scrubber& scrubber) {
  std::string out;
  {
    ObjectWriter payload(out);
    payload.Name("data");
    ObjectWriter data(out);
    data.Text("environment", FrontOf(options.environment, 255));
    WriteBody(data.Name("body"), item);
    data.Text("level", LevelText(item.level));
    data.Number("timestamp", item.time_unix_ns / 1'000'000'000);
    data.Text("uuid", item.uuid);
    data.Text("language", "c++");
    data.Text("platform", "linux");
    data.TextIfAny("framework", options.framework);
    data.TextIfAny("code_version", options.code_version, 40);
    data.TextIfAny("context", item.context, 255);
    data.TextIfAny("title", item.title, 255);
    data.TextIfAny("fingerprint", item.fingerprint);
    if (item.uncaught) data.Name("is_uncaught") += "true";
    if (item.request) WriteRequest(data.Name("request"), *item.request, options, scrubber);
    if (item.person && !item.person->id.empty())
      WritePerson(data.Name("person"), *item.person, options);
    WriteServer(data.Name("server"), item, options);
    if (!item.custom.empty()) data.Name("custom") += "{" + item.custom + "}";
    data.Name("notifier");
    ObjectWriter notifier(out);
    notifier.Text("name", "skep-sdk");
    notifier.Text("version", SKEP_SDK_VERSION);
  }
  return out.size() <= kItemBytesMax ? out : Truncated(std::move(out), kItemBytesMax);
}

}  // namespace skep::sdk::rollbar
