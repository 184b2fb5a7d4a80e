// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/xray/rule_sampler.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/fork.h"
#include "core/random_ids.h"
#include "delivery/http_client.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/xray/value.h"
#include "xray/daemon_address.h"
#include "xray/sampling_rule.h"
#include "xray/span_query.h"

namespace skep::sdk::xray {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kRulesLifeNs = 3600 * kSecondNs;
constexpr int64_t kRetryRulesNs = 10 * kSecondNs;  // when there are none at all
constexpr size_t kStatisticsMax = 25;              // X-Ray takes no more in one request
constexpr double kFallbackRate = 0.05;

bool Chance(double rate) { return static_cast<double>(RandomBits() >> 11) * 0x1p-53 < rate; }

// 24 hex digits, as X-Ray's clients name themselves.
std::string NewClientId() { return (NewSpanId().Hex() + NewSpanId().Hex()).substr(0, 24); }

}  // namespace

struct RuleSampler::Impl {
  struct Entry {
    SamplingRule rule;
    RuleState state;
  };

  struct Statistics {
    std::string rule;
    uint64_t requests;
    uint64_t sampled;
    uint64_t borrowed;
  };

  Impl(RuleSamplerOptions given, std::unique_ptr<HttpClient> client);

  SamplingDecision Decide(const RuleQuery& query);
  // A child has not the thread that fetches, nor, perhaps, a free lock.
  bool InChild() const { return ForkGeneration() != fork_generation; }
  bool Take(Entry& entry, int64_t now_s);
  bool TakeFallback(int64_t now_s);
  int64_t RunOnce();
  void FetchRules(int64_t now_ns);
  void Report(int64_t now_ns);
  std::vector<Statistics> TakeStatistics(int64_t now_ns);
  void ReportSome(std::span<const Statistics> due, int64_t now_ns);
  void PutBack(std::span<const Statistics> statistics);
  void Apply(const TargetsAnswer& answer, int64_t now_ns);
  std::optional<std::string> Post(std::string_view path, const std::string& body);
  void Run();

  const RuleSamplerOptions options;
  const Clock& clock;
  const std::unique_ptr<HttpClient> http;
  const std::string client_id = NewClientId();
  const SpanResource span_resource;
  const uint32_t fork_generation = ForkGeneration();
  std::atomic<int64_t> fallback_second{-1};  // in which one request has been taken already
  std::string url;                           // empty: the address cannot be read

  std::mutex mutex;  // guards what follows
  std::vector<Entry> entries;
  std::optional<int64_t> fetched_ns;  // when the rules came, by the steady clock
  int64_t fetched_unix_s = 0;         // the same by the calendar
  bool stopping = false;
  std::condition_variable stop;

  // Of whoever calls RunOnce: the thread, or a test.
  int64_t next_rules_ns = INT64_MIN;
  int64_t next_targets_ns = INT64_MIN;

  std::thread thread;
};

RuleSampler::Impl::Impl(RuleSamplerOptions given, std::unique_ptr<HttpClient> client)
    : options(std::move(given)),
      clock(options.clock != nullptr ? *options.clock : Clock::System()),
      http(std::move(client)),
      span_resource(SpanResource::Of(options.resource)) {
  WatchForks();
  const std::string text = DaemonAddressText(options.daemon_address);
  if (const std::optional<DaemonAddress> address = DaemonAddress::Parse(text)) {
    url = "http://" + address->tcp.UrlAuthority();
  } else {
    Diagnose(DiagnosticLevel::kError,
             "xray: the daemon's address \"" + text +
                 "\" cannot be read: one request a second and 5 % of the others are sampled");
  }
}

// A request takes from the quota of this second, or borrows one a second while there is no quota;
// else the rate decides.
bool RuleSampler::Impl::Take(Entry& entry, int64_t now_s) {
  RuleState& state = entry.state;
  ++state.requests;
  if (state.second != now_s) {
    state.second = now_s;
    state.used = 0;
  }
  const bool has_quota = state.quota && now_s <= state.quota_until_unix_s;
  const int64_t available = has_quota ? *state.quota : (entry.rule.reservoir_size > 0 ? 1 : 0);
  if (state.used < available) {
    ++state.used;
    ++(has_quota ? state.sampled : state.borrowed);
    return true;
  }
  if (!Chance(state.rate)) return false;
  ++state.sampled;
  return true;
}

bool RuleSampler::Impl::TakeFallback(int64_t now_s) {
  return fallback_second.exchange(now_s, std::memory_order_relaxed) != now_s ||
         Chance(kFallbackRate);
}

SamplingDecision RuleSampler::Impl::Decide(const RuleQuery& query) {
  const int64_t now_s = clock.UnixNanos() / kSecondNs;
  const int64_t now_ns = clock.SteadyNanos();
  if (InChild()) return {TakeFallback(now_s), {}};
  const std::lock_guard lock(mutex);
  if (fetched_ns && now_ns - *fetched_ns <= kRulesLifeNs) {
    for (Entry& entry : entries) {
      if (!entry.rule.IsDefault() && !Matches(entry.rule, query)) continue;
      const bool sampled = Take(entry, now_s);
      return {sampled, entry.rule.name};
    }
  }
  return {TakeFallback(now_s), {}};
}

std::optional<std::string> RuleSampler::Impl::Post(std::string_view path, const std::string& body) {
  if (url.empty()) return std::nullopt;
  HttpRequest request;
  request.url = url + std::string(path);
  request.headers = {{"content-type", "application/json"}};
  request.body = body;
  request.timeout = options.timeout;
  HttpResponse response = http->Do(request);
  if (response.status == 200) return std::move(response.body);
  const std::string why =
      response.status == 0 ? response.error : "status " + std::to_string(response.status);
  Diagnose(DiagnosticLevel::kWarn, "xray: " + request.url + ": " + why);
  return std::nullopt;
}

void RuleSampler::Impl::FetchRules(int64_t now_ns) {
  const std::optional<std::string> body = Post("/GetSamplingRules", "{}");
  std::optional<std::vector<SamplingRule>> rules = body ? ParseRules(*body) : std::nullopt;
  if (body && !rules)
    Diagnose(DiagnosticLevel::kWarn, "xray: an answer of GetSamplingRules cannot be read");
  const std::lock_guard lock(mutex);
  if (!rules || rules->empty()) {
    if (!fetched_ns) next_rules_ns = now_ns + kRetryRulesNs;
    return;
  }
  std::unordered_map<std::string, RuleState> known;
  for (Entry& entry : entries) known.emplace(entry.rule.name, entry.state);
  entries.clear();
  for (SamplingRule& rule : *rules) {
    Entry& entry = entries.emplace_back();
    const auto before = known.find(rule.name);
    if (before != known.end()) {
      entry.state = before->second;
      if (!entry.state.quota) entry.state.rate = rule.fixed_rate;  // no target has replaced it
    } else {
      entry.state.rate = rule.fixed_rate;
      entry.state.next_report_ns = now_ns;
    }
    entry.rule = std::move(rule);
  }
  fetched_ns = now_ns;
  fetched_unix_s = clock.UnixNanos() / kSecondNs;
}

// The statistics that are due; they start anew from here.
std::vector<RuleSampler::Impl::Statistics> RuleSampler::Impl::TakeStatistics(int64_t now_ns) {
  std::vector<Statistics> due;
  const std::lock_guard lock(mutex);
  for (Entry& entry : entries) {
    RuleState& state = entry.state;
    if (state.requests == 0 || now_ns < state.next_report_ns) continue;
    due.push_back({entry.rule.name, state.requests, state.sampled, state.borrowed});
    state.requests = state.sampled = state.borrowed = 0;
    state.next_report_ns = now_ns + state.interval_ns;
  }
  return due;
}

void RuleSampler::Impl::PutBack(std::span<const Statistics> statistics) {
  const std::lock_guard lock(mutex);
  for (const Statistics& one : statistics) {
    for (Entry& entry : entries) {
      if (entry.rule.name != one.rule) continue;
      entry.state.requests += one.requests;
      entry.state.sampled += one.sampled;
      entry.state.borrowed += one.borrowed;
    }
  }
}

void RuleSampler::Impl::Report(int64_t now_ns) {
  const std::vector<Statistics> due = TakeStatistics(now_ns);
  for (size_t at = 0; at < due.size(); at += kStatisticsMax) {
    const std::span all(due);
    ReportSome(all.subspan(at, std::min(kStatisticsMax, due.size() - at)), now_ns);
  }
}

void RuleSampler::Impl::ReportSome(std::span<const Statistics> due, int64_t now_ns) {
  const int64_t now_s = clock.UnixNanos() / kSecondNs;
  std::vector<Value> documents;
  for (const Statistics& one : due) {
    documents.push_back(Value::Object({{"RuleName", one.rule},
                                       {"ClientID", client_id},
                                       {"Timestamp", now_s},
                                       {"RequestCount", one.requests},
                                       {"SampledCount", one.sampled},
                                       {"BorrowCount", one.borrowed}}));
  }
  const std::optional<std::string> answer =
      Post("/SamplingTargets", Value::Object({{"SamplingStatisticsDocuments", documents}}).Json());
  const std::optional<TargetsAnswer> targets = answer ? ParseTargets(*answer) : std::nullopt;
  if (targets) return Apply(*targets, now_ns);
  PutBack(due);
  if (answer) Diagnose(DiagnosticLevel::kWarn, "xray: an answer of SamplingTargets cannot be read");
}

void RuleSampler::Impl::Apply(const TargetsAnswer& answer, int64_t now_ns) {
  const std::lock_guard lock(mutex);
  for (const SamplingTarget& target : answer.targets) {
    const auto entry = std::ranges::find(
        entries, target.rule, [](const Entry& one) -> const std::string& { return one.rule.name; });
    if (entry == entries.end()) continue;
    RuleState& state = entry->state;
    state.rate = target.fixed_rate;
    if (target.quota) state.quota = target.quota;
    if (target.quota_until_unix_s) state.quota_until_unix_s = *target.quota_until_unix_s;
    if (target.interval_s && *target.interval_s > 0) {
      state.interval_ns = std::min<int64_t>(*target.interval_s, 3600) * kSecondNs;
      state.next_report_ns = now_ns + state.interval_ns;
    }
  }
  if (answer.last_modified_unix_s > static_cast<double>(fetched_unix_s)) next_rules_ns = now_ns;
}

int64_t RuleSampler::Impl::RunOnce() {
  const int64_t now_ns = clock.SteadyNanos();
  if (now_ns >= next_targets_ns) {
    next_targets_ns = now_ns + std::chrono::nanoseconds(options.targets_interval).count();
    Report(now_ns);
  }
  if (now_ns >= next_rules_ns) {
    next_rules_ns = now_ns + std::chrono::nanoseconds(options.rules_interval).count();
    FetchRules(now_ns);
  }
  return std::min(next_targets_ns, next_rules_ns);
}

void RuleSampler::Impl::Run() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    lock.unlock();
    const int64_t next_ns = RunOnce();
    const int64_t wait_ns =
        std::clamp<int64_t>(next_ns - clock.SteadyNanos(), kSecondNs / 1000, kRulesLifeNs);
    lock.lock();
    stop.wait_for(lock, std::chrono::nanoseconds(wait_ns), [this] { return stopping; });
  }
}

RuleSampler::RuleSampler(RuleSamplerOptions options)
    : RuleSampler(std::move(options), HttpClient::Create()) {}

RuleSampler::RuleSampler(RuleSamplerOptions options, std::unique_ptr<HttpClient> client)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(client))) {
  if (!impl_->options.start_thread) return;
  try {
    impl_->thread = std::thread([impl = impl_.get()] { impl->Run(); });
  } catch (const std::system_error& error) {
    Diagnose(DiagnosticLevel::kError,
             std::string("xray: no thread to fetch the sampling rules: ") + error.what());
  }
}

RuleSampler::~RuleSampler() {
  if (impl_->InChild()) {
    [[maybe_unused]] Impl* const left_alone = impl_.release();  // to join its thread is to hang
    return;
  }
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->stop.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

SamplingDecision RuleSampler::Decide(const SamplingQuery& query) {
  RuleQuery asked;
  asked.query = query;
  return impl_->Decide(asked);
}

SamplingResult RuleSampler::ShouldSample(const SamplingRequest& request) {
  SpanQuery query(impl_->span_resource, request.attributes);
  const SamplingDecision decision = impl_->Decide(query.Asked());
  SamplingResult result;
  result.sampled = decision.sampled;
  if (request.parent != nullptr) result.trace_state = request.parent->trace_state;
  if (result.sampled && !decision.rule.empty()) {
    result.attributes.emplace_back("aws.xray.sampling_rule_name", decision.rule);
  }
  return result;
}

int64_t RuleSampler::RunOnce() { return impl_->InChild() ? INT64_MAX : impl_->RunOnce(); }

}  // namespace skep::sdk::xray
