// SPDX-License-Identifier: Apache-2.0
#include "setup/otlp_options.h"

#include <algorithm>
#include <cctype>

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;

constexpr char kHoneycomb[] = "https://api.honeycomb.io";
constexpr char kLocal[] = "http://localhost:4318";

// A variable as the signal has it, or as all signals have it.
class Signal {
 public:
  Signal(const EnvironmentReader& environment, std::string name, std::string path)
      : environment_(environment), name_(std::move(name)), path_(std::move(path)) {}

  std::string Name(const char* variable) const {
    const std::string own = "OTEL_EXPORTER_OTLP_" + name_ + "_" + variable;
    return environment_.Has(own.c_str()) ? own : std::string("OTEL_EXPORTER_OTLP_") + variable;
  }
  std::string Text(const char* variable) const { return environment_.Text(Name(variable).c_str()); }

  std::string Url() const {
    const std::string own = "OTEL_EXPORTER_OTLP_" + name_ + "_ENDPOINT";
    const std::string verbatim = Checked(own.c_str());
    if (!verbatim.empty()) return verbatim;
    std::string base = Checked("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (base.empty()) base = Checked("HONEYCOMB_API_ENDPOINT");
    if (base.empty()) base = environment_.Has("HONEYCOMB_API_KEY") ? kHoneycomb : kLocal;
    while (base.ends_with('/')) base.pop_back();
    return base + path_;
  }

 private:
  // A URL; empty, with a diagnostic, if it is something else.
  std::string Checked(const char* name) const {
    const std::string url = environment_.Text(name);
    const size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
    if (url.empty() || (scheme > 0 && url.size() > scheme)) return url;
    EnvironmentReader::Complain(name, url, "no http:// or https:// address", "the next best one");
    return {};
  }

  const EnvironmentReader& environment_;
  const std::string name_;
  const std::string path_;
};

// Keys of Honeycomb's classic environments name the data set themselves: 32 hex digits, or 64
// characters that start with hc?ic_.
bool IsClassicKey(const std::string& key) {
  if (key.size() == 32) {
    return std::all_of(key.begin(), key.end(),
                       [](unsigned char c) { return std::isxdigit(c) != 0; });
  }
  return key.size() == 64 && key.starts_with("hc") && key.substr(3, 3) == "ic_";
}

void SetUnlessThere(std::vector<std::pair<std::string, std::string>>* headers, const char* name,
                    const std::string& value) {
  auto same = [name](const auto& header) { return header.first == name; };
  if (value.empty() || std::any_of(headers->begin(), headers->end(), same)) return;
  headers->emplace_back(name, value);
}

otlp::ExporterOptions Options(const EnvironmentReader& environment, const Signal& signal,
                              const std::string& batch, milliseconds schedule_delay) {
  otlp::ExporterOptions options;
  options.url = signal.Url();
  options.headers = environment.Headers(signal.Name("HEADERS").c_str());
  SetUnlessThere(&options.headers, "x-honeycomb-team", environment.Text("HONEYCOMB_API_KEY"));
  options.timeout = environment.Millis(signal.Name("TIMEOUT").c_str(), options.timeout);
  const std::string compression = signal.Text("COMPRESSION");
  options.gzip = compression == "gzip";
  if (!compression.empty() && compression != "gzip" && compression != "none") {
    EnvironmentReader::Complain(signal.Name("COMPRESSION").c_str(), compression,
                                "neither gzip nor none", "none");
  }
  const std::string protocol = signal.Text("PROTOCOL");
  if (!protocol.empty() && protocol != "http/protobuf") {
    EnvironmentReader::Complain(signal.Name("PROTOCOL").c_str(), protocol, "not spoken here",
                                "http/protobuf");
  }
  options.ca_file = signal.Text("CERTIFICATE");
  options.client_cert_file = signal.Text("CLIENT_CERTIFICATE");
  options.client_key_file = signal.Text("CLIENT_KEY");
  options.schedule_delay =
      environment.Millis(("OTEL_" + batch + "_SCHEDULE_DELAY").c_str(), schedule_delay);
  const std::string export_timeout = "OTEL_" + batch + "_EXPORT_TIMEOUT";
  options.timeout =
      std::min(options.timeout, environment.Millis(export_timeout.c_str(), milliseconds(30'000)));
  options.batch_records_max = static_cast<uint32_t>(
      environment.Number(("OTEL_" + batch + "_MAX_EXPORT_BATCH_SIZE").c_str(), 0, 1, 1'000'000));
  options.queue_records_max = static_cast<uint32_t>(
      environment.Number(("OTEL_" + batch + "_MAX_QUEUE_SIZE").c_str(), 0, 1, 100'000'000));
  // What does not fit into the queue cannot be in a batch.
  if (options.queue_records_max > 0) {
    const uint32_t most = options.batch_records_max > 0 ? options.batch_records_max : 512;
    options.batch_records_max = std::min(most, options.queue_records_max);
  }
  return options;
}

}  // namespace

otlp::ExporterOptions OtlpTracesOptions(const EnvironmentReader& environment) {
  otlp::ExporterOptions options =
      Options(environment, Signal(environment, "TRACES", "/v1/traces"), "BSP", milliseconds(5000));
  if (IsClassicKey(environment.Text("HONEYCOMB_API_KEY"))) {
    SetUnlessThere(&options.headers, "x-honeycomb-dataset", environment.Text("HONEYCOMB_DATASET"));
  }
  return options;
}

otlp::ExporterOptions OtlpLogsOptions(const EnvironmentReader& environment) {
  otlp::ExporterOptions options =
      Options(environment, Signal(environment, "LOGS", "/v1/logs"), "BLRP", milliseconds(1000));
  SetUnlessThere(&options.headers, "x-honeycomb-dataset", environment.Text("HONEYCOMB_DATASET"));
  return options;
}

}  // namespace skep::sdk
