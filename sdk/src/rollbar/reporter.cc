// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/rollbar/reporter.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>

#include "core/fork.h"
#include "delivery/delivery.h"
#include "delivery/http_client.h"
#include "logs/uuid.h"
#include "rollbar/crash_handlers.h"
#include "rollbar/item_json.h"
#include "rollbar/item_sender.h"
#include "skep/sdk/span.h"

namespace skep::sdk::rollbar {
namespace {

using std::chrono::milliseconds;

constexpr size_t kTelemetryMax = 50;
constexpr size_t kCrashesPerStart = 20;
constexpr milliseconds kUncaughtPatience{2000};

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// As rollbar.js counts: a minute begins with the first item after the last one ended.
class MinuteLimit {
 public:
  explicit MinuteLimit(uint32_t per_minute) : per_minute_(per_minute) {}
  bool Takes(int64_t steady_ns) {
    constexpr int64_t kMinuteNs = 60'000'000'000;
    if (count_ == 0 || steady_ns - start_ns_ >= kMinuteNs) {
      start_ns_ = steady_ns;
      count_ = 0;
    }
    ++count_;
    return per_minute_ == 0 || count_ <= per_minute_;
  }

 private:
  const uint32_t per_minute_;
  uint64_t count_ = 0;
  int64_t start_ns_ = 0;
};

// Items that wait to be written; the reporter's, and the source of its delivery.
class PendingItems : public Source {
 public:
  PendingItems(const ReporterOptions& options, const Scrubber& scrubber, ExportCounters& counters)
      : options_(options), scrubber_(scrubber), counters_(counters) {}

  bool Add(PendingItem item) {
    const std::lock_guard lock(mutex_);
    if (closed_ || items_.size() >= options_.pending_items_max) return false;
    items_.push_back(std::move(item));
    return true;
  }
  bool Close() {
    const std::lock_guard lock(mutex_);
    return std::exchange(closed_, true);
  }
  bool IsClosed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  std::vector<Batch> Drain() override {
    std::deque<PendingItem> items;
    {
      const std::lock_guard lock(mutex_);
      items.swap(items_);
    }
    std::vector<Batch> batches;
    for (const PendingItem& item : items) {
      try {
        batches.push_back(
            {.body = ItemJson(item, options_, scrubber_), .target = item.note_path, .records = 1});
      } catch (...) {  // no memory for it
        ++counters_.accepted;
        ++counters_.dropped_full;
      }
    }
    return batches;
  }

 private:
  const ReporterOptions& options_;
  const Scrubber& scrubber_;
  ExportCounters& counters_;
  mutable std::mutex mutex_;  // guards the other two
  std::deque<PendingItem> items_;
  bool closed_ = false;
};

}  // namespace

ReporterOptions ReporterOptions::FromEnvironment() {
  ReporterOptions options;
  options.access_token = Env("ROLLBAR_ACCESS_TOKEN");
  options.enabled = !options.access_token.empty();
  if (const std::string endpoint = Env("ROLLBAR_ENDPOINT"); !endpoint.empty())
    options.endpoint = endpoint;
  if (const std::string environment = Env("ROLLBAR_ENV"); !environment.empty())
    options.environment = environment;
  options.code_version = Env("CODE_VERSION");
  options.carry_ids = Env("APP_JOIN") != "none";
  return options;
}

struct Reporter::Impl {
  Impl(ReporterOptions options_in, std::unique_ptr<HttpClient> client)
      : options(std::move(options_in)),
        scrubber(options.scrub_fields),
        clock(options.clock == nullptr ? Clock::System() : *options.clock),
        limit(options.items_per_minute) {
    if (client == nullptr) client = HttpClient::Create({.ca_file = options.ca_file});
    auto source = std::make_unique<PendingItems>(options, scrubber, *counters);
    pending = source.get();
    delivery = std::make_unique<Delivery>(
        DeliveryOptions{.name = "rollbar",
                        .schedule_delay = std::chrono::seconds(5),
                        .timeout = options.timeout,
                        .queue_bytes_max = options.queue_bytes_max,
                        .start_thread = options.start_thread},
        std::move(source), std::make_unique<ItemSender>(options, std::move(client), clock),
        counters, clock);
  }

  bool Takes() {
    if (!options.enabled) return false;
    const std::lock_guard lock(mutex);
    if (limit.Takes(clock.SteadyNanos())) return true;
    if (rate_limited++ == 0) {
      Diagnose(DiagnosticLevel::kWarn, "rollbar: more than " +
                                           std::to_string(options.items_per_minute) +
                                           " items a minute: the others are counted and not sent");
    }
    return false;
  }

  // Everything but the error itself.
  PendingItem Start(const ItemData& data) {
    PendingItem item;
    item.uuid = NewUuid();
    item.time_unix_ns = clock.UnixNanos();
    item.level = data.level;
    item.pid = getpid();
    item.title = data.title;
    item.context = data.context;
    item.fingerprint = data.fingerprint;
    item.custom = CustomMembers(data.custom, scrubber);
    const Context context = Context::Current();
    if (options.carry_ids) AddIds(item, context);
    item.person =
        data.person == nullptr ? GetPerson(context) : std::make_shared<const Person>(*data.person);
    item.request = data.request == nullptr ? GetRequest(context)
                                           : std::make_shared<const Request>(*data.request);
    if (InChild()) return item;
    const std::lock_guard lock(mutex);
    item.telemetry.assign(telemetry.begin(), telemetry.end());
    return item;
  }

  void AddIds(PendingItem& item, const Context& context) const {
    const Span span = context.GetSpan();
    if (!span.GetContext().IsValid()) return;
    const std::string trace_id = span.GetContext().trace_id.Hex();
    const std::string span_id = span.GetContext().span_id.Hex();
    const Attribute ids[] = {{"trace_id", trace_id}, {"span_id", span_id}};
    if (!item.custom.empty()) item.custom += ',';
    item.custom += CustomMembers(ids, scrubber);
  }

  // Those whose place was not recorded get the place where they are reported.
  void SetChain(PendingItem& item, std::vector<ExceptionDescription> chain,
                const StackTrace& here) const {
    for (ExceptionDescription& link : chain) {
      Trace& trace = item.chain.emplace_back();
      trace.type = std::move(link.type);
      trace.message = std::move(link.message);
      trace.stack = link.thrown_at ? *link.thrown_at : here;
    }
    if (item.chain.empty()) item.message = "an exception that is not there";
  }

  // The parent's threads may hold its locks for ever here.
  bool InChild() const { return delivery->InChild(); }

  std::string Submit(PendingItem item) {
    const std::string uuid = item.uuid;
    if (!pending->Add(std::move(item))) {
      ++counters->accepted;
      ++(pending->IsClosed() ? counters->dropped_shutdown : counters->dropped_full);
      return "";
    }
    delivery->Wake();
    return uuid;
  }

  template <typename Fill>
  std::string Take(const ItemData& data, Fill fill) noexcept;
  void ReportUncaught(const std::exception_ptr& exception);
  void ReportLeftBehind(const std::string& folder);
  PendingItem FromNote(std::shared_ptr<const CrashNote> note, const std::string& path) const;

  const ReporterOptions options;
  const Scrubber scrubber;
  const Clock& clock;
  const std::shared_ptr<ExportCounters> counters =
      std::make_shared<ExportCounters>();  // with its readers
  std::atomic<uint64_t> rate_limited{0};
  std::mutex mutex;  // guards the next two
  MinuteLimit limit;
  std::deque<Telemetry> telemetry;
  PendingItems* pending = nullptr;  // the delivery's
  std::string crash_folder;
  std::unique_ptr<Delivery> delivery;
  std::unique_ptr<CrashHandlers> crash_handlers;  // last: they are taken back first
};

// On the thread that ends the process. The item is on disk before it is sent, so that it is not
// lost if two seconds are not enough.
void Reporter::Impl::ReportUncaught(const std::exception_ptr& exception) {
  if (!options.enabled) return;
  PendingItem item = Start({.level = Level::kCritical});
  item.uncaught = true;
  const StackTrace here = StackTrace::Current(2);
  SetChain(item, DescribeException(exception), here);
  if (item.chain.empty())
    item.chain.push_back({"std::terminate", "called without an exception", here});
  item.note_path = crash_folder + "/crash-" + item.uuid + ".json";
  const std::string json = ItemJson(item, options, scrubber);
  if (!WriteWhole(item.note_path, json)) item.note_path.clear();
  delivery->Submit({.body = json, .target = item.note_path, .records = 1});
  delivery->Flush(kUncaughtPatience);
}

PendingItem Reporter::Impl::FromNote(std::shared_ptr<const CrashNote> note,
                                     const std::string& path) const {
  PendingItem item;
  const CrashFacts& facts = note->facts;
  item.uuid = facts.uuid;
  item.time_unix_ns = facts.time_seconds * 1'000'000'000;
  item.level = Level::kCritical;
  item.uncaught = true;
  item.pid = facts.pid;
  item.note_path = path;
  const char* name = sigabbrev_np(facts.signal);
  const char* meaning = sigdescr_np(facts.signal);
  Trace& trace = item.chain.emplace_back();
  trace.type =
      name == nullptr ? "signal " + std::to_string(facts.signal) : std::string("SIG") + name;
  trace.message = meaning == nullptr ? trace.type : meaning;
  char address[32];
  std::snprintf(address, sizeof address, "0x%zx", static_cast<size_t>(facts.address));
  const std::string_view thread = facts.thread;
  const Attribute custom[] = {{"signal.code", facts.code},
                              {"signal.address", std::string_view(address)},
                              {"thread.id", facts.tid},
                              {"thread.name", thread}};
  item.custom = CustomMembers(custom, scrubber);
  if (options.carry_ids && facts.trace_id[0] != '\0') {
    const Attribute ids[] = {{"trace_id", facts.trace_id}, {"span_id", facts.span_id}};
    item.custom += "," + CustomMembers(ids, scrubber);
  }
  item.crash = std::move(note);
  return item;
}

void Reporter::Impl::ReportLeftBehind(const std::string& folder) {
  for (LeftBehind& left : FindLeftBehind(folder, kCrashesPerStart)) {
    if (left.path.ends_with(".json")) {
      // As it was written; if the disk was full then, the receiver refuses it, and that is counted.
      if (!left.text.empty())
        delivery->Submit({.body = std::move(left.text), .target = left.path, .records = 1});
    } else if (auto note = ReadCrashNote(left.text)) {
      Submit(FromNote(std::make_shared<const CrashNote>(*std::move(note)), left.path));
    } else {
      Diagnose(DiagnosticLevel::kWarn, "rollbar: " + left.path + " is no crash note");
    }
  }
}

Reporter::Reporter(ReporterOptions options) : Reporter(std::move(options), nullptr) {}

Reporter::Reporter(ReporterOptions options, std::unique_ptr<HttpClient> client)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(client))) {}

Reporter::~Reporter() {
  impl_->crash_handlers.reset();
  Shutdown(kUncaughtPatience);
}

// Nothing leaves here as an exception: what cannot be reported for want of memory is counted.
template <typename Fill>
std::string Reporter::Impl::Take(const ItemData& data, Fill fill) noexcept {
  try {
    if (options.enabled && InChild()) {
      DiagnoseDroppingInChild();
      ++counters->accepted;
      ++counters->dropped_shutdown;
      return "";
    }
    if (!Takes()) return "";
    PendingItem item = Start(data);
    fill(item);
    return Submit(std::move(item));
  } catch (...) {
    ++counters->accepted;
    ++counters->dropped_full;
    return "";
  }
}

[[gnu::noinline]] std::string Reporter::Report(const std::exception_ptr& exception,
                                               const ItemData& data) {
  const StackTrace here = StackTrace::Current(1);
  return impl_->Take(
      data, [&](PendingItem& item) { impl_->SetChain(item, DescribeException(exception), here); });
}

[[gnu::noinline]] std::string Reporter::Report(const std::exception& exception,
                                               const ItemData& data) {
  const StackTrace here = StackTrace::Current(1);
  return impl_->Take(
      data, [&](PendingItem& item) { impl_->SetChain(item, DescribeException(exception), here); });
}

std::string Reporter::Message(std::string_view text, const ItemData& data) {
  return impl_->Take(data, [&](PendingItem& item) { item.message = text; });
}

void Reporter::AddTelemetry(Level level, std::string_view message) {
  if (impl_->InChild()) return;
  try {
    Telemetry entry{impl_->clock.UnixNanos(), level, std::string(message.substr(0, 1024))};
    const std::lock_guard lock(impl_->mutex);
    impl_->telemetry.push_back(std::move(entry));
    if (impl_->telemetry.size() > kTelemetryMax) impl_->telemetry.pop_front();
  } catch (...) {  // no memory: the next error has one line less before it
  }
}

bool Reporter::InstallCrashHandlers(const std::string& folder) {
  if (impl_->crash_handlers) return false;
  Impl* impl = impl_.get();
  impl->crash_handlers = CrashHandlers::Install(
      folder, [impl](const std::exception_ptr& exception) { impl->ReportUncaught(exception); });
  if (!impl->crash_handlers) return false;
  if (char path[PATH_MAX]; realpath(folder.c_str(), path) != nullptr) impl->crash_folder = path;
  if (impl->options.enabled) impl->ReportLeftBehind(folder);
  return true;
}

bool Reporter::Flush(milliseconds timeout) { return impl_->delivery->Flush(timeout); }

bool Reporter::Shutdown(milliseconds timeout) {
  if (impl_->InChild()) return false;
  if (impl_->pending->Close()) return true;
  return impl_->delivery->Shutdown(timeout);
}

std::shared_ptr<const ExportCounters> Reporter::Counters() const { return impl_->counters; }

uint64_t Reporter::RateLimited() const { return impl_->rate_limited; }

int64_t Reporter::RunOnce() { return impl_->delivery->RunOnce(); }

}  // namespace skep::sdk::rollbar
