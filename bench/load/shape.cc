// SPDX-License-Identifier: Apache-2.0
#include "load/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace skep::load {
namespace {

constexpr size_t kServices = 10;
constexpr size_t kInstances = 2;
constexpr size_t kRoutes = 50;
constexpr uint64_t kUsers = 10'000;
constexpr size_t kLogBodyBytes = 226;
constexpr int64_t kMs = 1'000'000;

constexpr std::string_view kMethods[] = {"GET", "GET", "GET", "POST", "PUT", "DELETE"};
constexpr std::string_view kResources[] = {"products",  "orders",  "carts",    "users",
                                           "payments",  "reviews", "sessions", "invoices",
                                           "shipments", "offers"};
constexpr std::string_view kAgents[] = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
    "Safari/537",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0 (portable)",
    "ShopApp/7.3.1 (iPhone; iOS 18.1; Scale/3.00) CFNetwork/1568 Darwin/24.1.0 (production build)"};

// --- protobuf, appended to a string ---
void PutVarint(std::string* out, uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}
void PutBytes(std::string* out, uint32_t field, std::string_view bytes) {
  PutVarint(out, field << 3 | 2);
  PutVarint(out, bytes.size());
  out->append(bytes);
}
void PutFixed64(std::string* out, uint32_t field, uint64_t value) {
  PutVarint(out, field << 3 | 1);
  out->append(reinterpret_cast<const char*>(&value), sizeof(value));
}
void PutUInt(std::string* out, uint32_t field, uint64_t value) {
  PutVarint(out, field << 3);
  PutVarint(out, value);
}
template <typename T>
std::string_view RawOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}
// A KeyValue with an encoded AnyValue, as an attribute field.
void PutAttribute(std::string* out, uint32_t field, std::string_view key, std::string_view any) {
  const size_t size = 2 + key.size() + 2 + any.size();
  PutVarint(out, field << 3 | 2);
  PutVarint(out, size + (any.size() >= 128 ? 1 : 0));
  PutBytes(out, 1, key);
  PutBytes(out, 2, any);
}
void PutText(std::string* out, uint32_t field, std::string_view key, std::string_view text) {
  std::string any;
  PutBytes(&any, 1, text);
  PutAttribute(out, field, key, any);
}
void PutInt(std::string* out, uint32_t field, std::string_view key, uint64_t value) {
  std::string any;
  PutUInt(&any, 3, value);
  PutAttribute(out, field, key, any);
}

std::string RouteName(size_t route) {
  return fmt::format("/api/v1/{}/{{id}}/{}", kResources[route % 10],
                     std::string_view("abcde").substr(route / 10, 1));
}

std::string ServiceName(size_t service) { return fmt::format("{}-service", kResources[service]); }

std::string MakeResource(size_t service, size_t instance) {
  std::string out;
  PutText(&out, 1, "service.name", ServiceName(service));
  PutText(&out, 1, "service.instance.id", fmt::format("{}-{:08x}", service, instance * 77'777));
  PutText(&out, 1, "service.version", "2026.11.3");
  PutText(&out, 1, "host.name",
          fmt::format("node-{:02}.eu-west-1.internal", service * 2 + instance));
  PutText(&out, 1, "deployment.environment.name", "production");
  PutText(&out, 1, "telemetry.sdk.language", "go");
  PutText(&out, 1, "telemetry.sdk.name", "opentelemetry");
  PutText(&out, 1, "telemetry.sdk.version", "1.46.0");
  return out;
}

void PutLayer(std::string* request, std::string_view resource, std::string_view scope_name,
              std::string_view items) {
  std::string scope;
  PutBytes(&scope, 1, scope_name);
  PutBytes(&scope, 2, "0.58.0");
  std::string scope_layer;
  scope_layer.reserve(items.size() + 64);
  PutBytes(&scope_layer, 1, scope);
  scope_layer.append(items);
  std::string layer;
  layer.reserve(scope_layer.size() + resource.size() + 16);
  PutBytes(&layer, 1, resource);
  PutBytes(&layer, 2, scope_layer);
  PutBytes(request, 1, layer);
}

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) {  // splitmix64
    seed += 0x9E3779B97F4A7C15ull;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    word = z ^ (z >> 31);
  }
}

uint64_t Random::Next() {
  const auto rotate = [](uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
  const uint64_t result = rotate(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate(state_[3], 45);
  return result;
}

// Half of the traffic comes from a tenth of the users.
uint64_t DrawUser(Random* random) {
  return random->Below(2) == 0 ? random->Below(kUsers / 10) : random->Below(kUsers);
}

// Log-normal, median 40 ms, 1 to 2000 ms.
int64_t DrawDurationNs(Random* random) {
  const double ms = std::clamp(40.0 * std::exp(random->Normal()), 1.0, 2000.0);
  return static_cast<int64_t>(ms * static_cast<double>(kMs));
}

int64_t TimeAt(const LoadOptions& options, size_t made) {
  const double part = static_cast<double>(made) / static_cast<double>(options.records_expected);
  return options.end_time_ns - options.spread_ns +
         static_cast<int64_t>(std::min(part, 1.0) * static_cast<double>(options.spread_ns));
}

double Random::Normal() {
  const double u = std::max(Unit(), 1e-18);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * Unit());
}

SpanLoad::SpanLoad(const LoadOptions& options) : options_(options), random_(options.seed) {
  for (size_t i = 0; i < kServices * kInstances; ++i)
    groups_.push_back({MakeResource(i / kInstances, i % kInstances), {}});
  constexpr uint32_t kAttributes = 9;
  const auto add = [&](size_t list, std::string_view key, std::string_view value) {
    PutText(&choices_[list].emplace_back(), kAttributes, key, value);
  };
  for (const std::string_view method : kMethods) add(0, "http.request.method", method);
  for (size_t i = 0; i < kRoutes; ++i) add(1, "http.route", RouteName(i));
  for (size_t i = 0; i < kServices; ++i)
    add(2, "server.address", fmt::format("{}.svc.internal", ServiceName(i)));
  constexpr size_t kSpanAgentBytes = 55;  // brings a span to the size of the load's description
  for (const std::string_view agent : kAgents)
    add(3, "user_agent.original", agent.substr(0, kSpanAgentBytes));
  for (const char* region : {"eu-west-1", "eu-central-1", "us-east-1"})
    add(4, "cloud.region", region);
  for (int i = 0; i < 200; ++i) add(5, "client.address", fmt::format("10.20.{}.{}", i % 7, i + 20));
  for (const char* flag : {"control", "variant-a", "variant-b"}) add(6, "app.experiment", flag);
  for (const char* version : {"1.1", "2"}) add(7, "network.protocol.version", version);
}

void SpanLoad::AddTrace() {
  trace_id_ = {random_.Next(), random_.Next()};
  trace_spans_ = 3 + random_.Below(11);
  trace_at_ = 0;
  trace_instance_ = random_.Below(kInstances);
  user_ = DrawUser(&random_);
  span_ids_.clear();
  intervals_.clear();
}

void SpanLoad::AddSpan(size_t service, int64_t start_ns, int64_t duration_ns, uint64_t parent) {
  const auto choose = [&](size_t list, size_t index) { span_ += choices_[list][index]; };
  const bool error = random_.Below(100) < 3;
  const uint64_t span_id = random_.Next() | 1;
  const size_t route = random_.Below(kRoutes);
  span_.clear();
  PutBytes(&span_, 1, RawOf(trace_id_));
  PutBytes(&span_, 2, RawOf(span_id));
  if (parent != 0) PutBytes(&span_, 4, RawOf(parent));
  PutBytes(&span_, 5, "GET " + RouteName(route));
  PutUInt(&span_, 6, parent == 0 ? 2 : 1 + random_.Below(3));
  PutFixed64(&span_, 7, static_cast<uint64_t>(start_ns));
  PutFixed64(&span_, 8, static_cast<uint64_t>(start_ns + duration_ns));
  choose(0, random_.Below(std::size(kMethods)));
  choose(1, route);
  PutInt(&span_, 9, "http.response.status_code", error ? 500 : 200 + random_.Below(2));
  PutText(&span_, 9, "app.user_handle", fmt::format("user-{:05}", user_));
  choose(2, service);
  choose(5, user_ % 200);
  choose(3, user_ % std::size(kAgents));
  choose(4, user_ % 3);
  PutInt(&span_, 9, "app.cart.items", random_.Below(20));
  PutText(&span_, 9, "url.scheme", "https");
  choose(6, user_ % 3);
  choose(7, user_ % 2);
  if (error) {
    std::string event;
    PutFixed64(&event, 1, static_cast<uint64_t>(start_ns + duration_ns / 2));
    PutBytes(&event, 2, "exception");
    PutText(&event, 3, "exception.type", "TimeoutError");
    PutText(&event, 3, "exception.message", "the upstream did not answer in time");
    PutText(&event, 3, "exception.stacktrace",
            "TimeoutError: the upstream did not answer in time\n  at fetch (client.go:214)\n"
            "  at handle (server.go:88)\n");
    PutBytes(&span_, 11, event);
    std::string status;
    PutUInt(&status, 3, 2);
    PutBytes(&span_, 15, status);
  }
  PutBytes(&groups_[service * kInstances + trace_instance_].spans, 2, span_);
  span_ids_.push_back(span_id);
  intervals_.push_back({start_ns, duration_ns});
  ++made_;
}

std::string_view SpanLoad::Next(size_t records) {
  for (Group& group : groups_) group.spans.clear();
  for (in_request_ = 0; in_request_ < records; ++in_request_) {
    if (trace_at_ == trace_spans_) AddTrace();
    if (trace_at_ == 0) {
      AddSpan(random_.Below(kServices), TimeAt(options_, made_), DrawDurationNs(&random_), 0);
    } else {
      const size_t parent = random_.Below(span_ids_.size());
      const auto [start, length] = intervals_[parent];
      const int64_t offset =
          static_cast<int64_t>(static_cast<double>(length) * 0.4 * random_.Unit());
      const int64_t inner = static_cast<int64_t>(static_cast<double>(length - offset) *
                                                 (0.2 + 0.75 * random_.Unit()));
      AddSpan(random_.Below(kServices), start + offset, inner, span_ids_[parent]);
    }
    ++trace_at_;
  }
  request_.clear();
  for (const Group& group : groups_)
    if (!group.spans.empty())
      PutLayer(&request_, group.resource, "go.opentelemetry.io/contrib/instrumentation/net/http",
               group.spans);
  return request_;
}

LogLoad::LogLoad(const LoadOptions& options) : options_(options), random_(options.seed) {
  for (size_t i = 0; i < kServices * kInstances; ++i)
    resources_.push_back(MakeResource(i / kInstances, i % kInstances));
}

bool AppendLineText(Random* random, std::string* out) {
  constexpr std::string_view kLevels[] = {"info", "info", "info", "info", "debug", "warn", "error"};
  constexpr std::string_view kMessages[] = {"request finished", "cache miss, asking upstream",
                                            "order accepted", "payment authorised",
                                            "session renewed"};
  const uint64_t user = DrawUser(random);
  const size_t level = random->Below(std::size(kLevels));
  const bool error = kLevels[level] == "error";
  const size_t begin = out->size();
  *out += fmt::format(
      R"({{"level":"{}","message":"{}","user":"user-{:05}","route":"{}","method":"{}",)"
      R"("status":{},"duration_ms":{},"bytes":{},"worker":{},"region":"eu-west-1","agent":")",
      kLevels[level], kMessages[random->Below(std::size(kMessages))], user,
      RouteName(random->Below(kRoutes)), kMethods[random->Below(std::size(kMethods))],
      error ? 500 : 200, DrawDurationNs(random) / kMs, random->Below(4000), random->Below(16));
  constexpr std::string_view kEnd = "\"}";
  const size_t used = out->size() - begin + kEnd.size();
  if (used < kLogBodyBytes)
    *out += kAgents[user % std::size(kAgents)].substr(0, kLogBodyBytes - used);
  *out += kEnd;
  return error;
}

void LogLoad::AddLine(std::string* out) {
  body_.clear();
  const bool error = AppendLineText(&random_, &body_);
  const std::array<uint64_t, 2> trace_id = {random_.Next(), random_.Next()};
  const uint64_t span_id = random_.Next() | 1;
  const int64_t time_ns = TimeAt(options_, made_++);
  std::string any;
  PutBytes(&any, 1, body_);
  line_.clear();
  PutFixed64(&line_, 1, static_cast<uint64_t>(time_ns));
  PutUInt(&line_, 2, error ? 17 : 9);
  PutBytes(&line_, 3, error ? "ERROR" : "INFO");
  PutBytes(&line_, 5, any);
  PutText(&line_, 6, "logger.name", "shop.http.access.json.line");
  PutText(&line_, 6, "thread.name", fmt::format("worker-{}", random_.Below(16)));
  PutInt(&line_, 6, "code.line.number", 100 + random_.Below(40));
  PutBytes(&line_, 9, RawOf(trace_id));
  PutBytes(&line_, 10, RawOf(span_id));
  PutFixed64(&line_, 11, static_cast<uint64_t>(time_ns));
  PutBytes(out, 2, line_);
}

std::string_view LogLoad::Next(size_t records) {
  lines_.clear();
  for (size_t i = 0; i < records; ++i) AddLine(&lines_);
  request_.clear();
  PutLayer(&request_, resources_[random_.Below(resources_.size())], "shop.logs", lines_);
  return request_;
}

}  // namespace skep::load
