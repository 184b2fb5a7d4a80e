// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/cloudwatch/log_exporter.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "aws/profile.h"
#include "cloudwatch/credentials.h"
#include "cloudwatch/event_buffer.h"
#include "cloudwatch/line.h"
#include "cloudwatch/log_sender.h"
#include "core/fork.h"
#include "delivery/delivery.h"
#include "delivery/http_client.h"

namespace skep::sdk::cloudwatch {
namespace {

using std::chrono::milliseconds;

std::string Env(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::string DefaultStream() {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  std::string name =
      std::string(host) + "/" + program_invocation_short_name + "/" + std::to_string(getpid());
  std::replace_if(name.begin(), name.end(), [](char c) { return c == ':' || c == '*'; }, '_');
  return name.substr(0, 512);
}

class BufferSource : public Source {
 public:
  BufferSource(EventBuffer& buffer, ExportCounters& counters)
      : buffer_(buffer), counters_(counters) {}
  std::vector<Batch> Drain() override {
    const std::vector<Event> events = buffer_.TakeAll();
    try {
      return MakeBatches(events);
    } catch (...) {  // no memory for them
      counters_.accepted += events.size();
      counters_.dropped_full += events.size();
      return {};
    }
  }

 private:
  EventBuffer& buffer_;       // the exporter's
  ExportCounters& counters_;  // likewise
};

}  // namespace

LogExporterOptions LogExporterOptions::FromEnvironment() {
  LogExporterOptions options;
  std::string region = Env({"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (region.empty()) region = aws::Setting(aws::LoadProfile(), "region");
  if (!region.empty()) options.region = region;
  options.endpoint =
      Env({"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL_LOGS", "AWS_ENDPOINT_URL"});
  options.group = Env({"LOG_GROUP"});
  options.stream = Env({"LOG_STREAM"});
  options.credentials = EnvironmentCredentials();
  options.credentials_provider = ChainProvider::FromEnvironment(options.endpoint);
  options.append_ids = Env({"APP_JOIN"}) == "ids";
  options.ca_file = Env({"AWS_CA_BUNDLE"});
  return options;
}

struct LogExporter::Impl {
  Impl(LogExporterOptions options_in, std::unique_ptr<HttpClient> client)
      : options(std::move(options_in)), buffer(options.buffer_bytes_max) {
    if (options.stream.empty()) options.stream = DefaultStream();
    // The mark of a cut line needs some room, and a batch has to take one line at least.
    options.event_bytes_max =
        std::clamp<size_t>(options.event_bytes_max, 256, kBatchBytesMax - kEventOverhead);
    const Clock& clock = options.clock == nullptr ? Clock::System() : *options.clock;
    if (client == nullptr) client = HttpClient::Create({.ca_file = options.ca_file});
    delivery = std::make_unique<Delivery>(
        DeliveryOptions{.name = "cloudwatch",
                        .schedule_delay = options.schedule_delay,
                        .timeout = options.timeout,
                        .queue_bytes_max = options.queue_bytes_max,
                        .start_thread = options.start_thread},
        std::make_unique<BufferSource>(buffer, *counters),
        std::make_unique<LogSender>(options, std::move(client), clock), counters, clock);
  }

  LogExporterOptions options;
  EventBuffer buffer;
  std::shared_ptr<ExportCounters> counters =
      std::make_shared<ExportCounters>();  // with those who read them
  std::atomic<uint64_t> cut{0};
  std::unique_ptr<Delivery> delivery;  // last: it ends first
};

LogExporter::LogExporter(LogExporterOptions options) : LogExporter(std::move(options), nullptr) {}

LogExporter::LogExporter(LogExporterOptions options, std::unique_ptr<HttpClient> client)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(client))) {}

LogExporter::~LogExporter() { Shutdown(milliseconds(0)); }

void LogExporter::OnEmit(const LogRecord& record) noexcept {
  ExportCounters& counters = *impl_->counters;
  if (impl_->delivery->InChild()) {
    DiagnoseDroppingInChild();
    ++counters.accepted;
    ++counters.dropped_shutdown;
    return;
  }
  auto added = EventBuffer::Added::kFull;
  try {
    Line line = FormatLine(record, impl_->options);
    if (line.cut) impl_->cut.fetch_add(1, std::memory_order_relaxed);
    added = impl_->buffer.Add({record.time_unix_ns, std::move(line.text)});
  } catch (...) {  // no memory: as if the buffer was full
  }
  switch (added) {
    case EventBuffer::Added::kYes:
      return;
    case EventBuffer::Added::kWorthSending:
      impl_->delivery->Wake();
      return;
    case EventBuffer::Added::kFull:
      ++counters.accepted;
      ++counters.dropped_full;
      return;
    case EventBuffer::Added::kClosed:
      ++counters.accepted;
      ++counters.dropped_shutdown;
      return;
  }
}

bool LogExporter::ForceFlush(milliseconds timeout) noexcept {
  return impl_->delivery->Flush(timeout);
}

bool LogExporter::Shutdown(milliseconds timeout) noexcept {
  if (impl_->delivery->InChild()) return false;
  impl_->buffer.Close();
  return impl_->delivery->Shutdown(timeout);
}

std::shared_ptr<const ExportCounters> LogExporter::Counters() const { return impl_->counters; }

uint64_t LogExporter::CutLines() const { return impl_->cut.load(std::memory_order_relaxed); }

int64_t LogExporter::RunOnce() { return impl_->delivery->RunOnce(); }

}  // namespace skep::sdk::cloudwatch
