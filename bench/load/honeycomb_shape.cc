// SPDX-License-Identifier: Apache-2.0
#include "load/honeycomb_shape.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <bit>
#include <string>
#include <string_view>

namespace skep::load {
namespace {

constexpr size_t kFields = 19;  // of all but roots, which have no parent

std::string TimeText(int64_t time_ns) {
  constexpr int64_t kNsPerS = 1'000'000'000;
  const time_t seconds = time_ns / kNsPerS;
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", parts, time_ns % kNsPerS);
}

// Texts here need no escapes.
class JsonEvents {
 public:
  explicit JsonEvents(std::string* out) : out_(*out) {}
  void BeginBatch(size_t) { out_ += '['; }
  void EndBatch() { out_.back() = ']'; }
  void BeginEvent(int64_t time_ns, size_t) {
    out_ += fmt::format(R"({{"time":"{}","samplerate":1,"data":{{)", TimeText(time_ns));
  }
  void EndEvent() {
    out_.back() = '}';
    out_ += "},";
  }
  void Add(std::string_view name, std::string_view value) {
    out_ += fmt::format(R"("{}":"{}",)", name, value);
  }
  void Add(std::string_view name, int64_t value) {
    out_ += fmt::format(R"("{}":{},)", name, value);
  }
  void Add(std::string_view name, double value) { out_ += fmt::format(R"("{}":{},)", name, value); }
  void Add(std::string_view name, bool value) { out_ += fmt::format(R"("{}":{},)", name, value); }

 private:
  std::string& out_;
};

class MsgpackEvents {
 public:
  explicit MsgpackEvents(std::string* out) : out_(*out) {}
  void BeginBatch(size_t events) {
    out_ += '\xDC';
    PutBigEndian(events, 2);
  }
  void EndBatch() {}
  void BeginEvent(int64_t time_ns, size_t fields) {
    out_ += '\x83';
    Text("time");
    Text(TimeText(time_ns));
    Text("samplerate");
    out_ += '\x01';
    Text("data");
    out_ += '\xDE';
    PutBigEndian(fields, 2);
  }
  void EndEvent() {}
  void Add(std::string_view name, std::string_view value) {
    Text(name);
    Text(value);
  }
  void Add(std::string_view name, int64_t value) {
    Text(name);
    out_ += '\xD3';
    PutBigEndian(static_cast<uint64_t>(value), 8);
  }
  void Add(std::string_view name, double value) {
    Text(name);
    out_ += '\xCB';
    PutBigEndian(std::bit_cast<uint64_t>(value), 8);
  }
  void Add(std::string_view name, bool value) {
    Text(name);
    out_ += value ? '\xC3' : '\xC2';
  }

 private:
  void PutBigEndian(uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out_ += static_cast<char>(value >> (8 * i));
  }
  void Text(std::string_view text) {  // of less than 256 bytes
    if (text.size() < 32) {
      out_ += static_cast<char>(0xA0 | text.size());
    } else {
      out_ += '\xD9';
      out_ += static_cast<char>(text.size());
    }
    out_ += text;
  }

  std::string& out_;
};

template <typename Events>
class EventLoad final : public Load {
 public:
  explicit EventLoad(const LoadOptions& options) : options_(options), random_(options.seed) {}

  std::string_view Next(size_t records) override {
    body_.clear();
    Events events(&body_);
    events.BeginBatch(records);
    for (size_t i = 0; i < records; ++i) AddSpan(&events);
    events.EndBatch();
    return body_;
  }

 private:
  // Traces of eight: the first of them is the root, and the parent of the others.
  void AddSpan(Events* events) {
    const size_t place = made_ % 8;
    if (place == 0) {
      trace_ = fmt::format("{:016x}{:016x}", random_.Next(), random_.Next());
      user_ = DrawUser(&random_);
    }
    const std::string id = fmt::format("{:016x}", random_.Next() | 1);
    const uint64_t route = random_.Below(50);
    events->BeginEvent(TimeAt(options_, made_++), place == 0 ? kFields - 1 : kFields);
    events->Add("name", std::string_view(fmt::format("GET /api/v1/{}/items", route)));
    events->Add("trace.trace_id", std::string_view(trace_));
    events->Add("trace.span_id", std::string_view(id));
    if (place == 0) {
      root_ = id;
    } else {
      events->Add("trace.parent_id", std::string_view(root_));
    }
    events->Add("duration_ms", static_cast<double>(DrawDurationNs(&random_)) / 1e6);
    events->Add("service.name", std::string_view(fmt::format("shop-{}", route % 10)));
    events->Add("meta.beeline_version", std::string_view("3.6.0"));
    events->Add("meta.local_hostname", std::string_view(fmt::format("node-{:02}", user_ % 20)));
    events->Add("type", std::string_view("http_server"));
    events->Add("request.method", std::string_view("GET"));
    events->Add("request.path", std::string_view(fmt::format("/api/v1/{}/items", route)));
    events->Add("request.host", std::string_view("shop.example"));
    events->Add("request.scheme", std::string_view("https"));
    events->Add("request.remote_addr",
                std::string_view(fmt::format("10.20.{}.{}", user_ % 7, user_ % 200)));
    events->Add("request.user_agent", std::string_view("ShopApp/7.3.1 iOS/18.1"));
    events->Add("request.content_length", static_cast<int64_t>(random_.Below(4000)));
    events->Add("response.status_code", int64_t{random_.Below(100) < 3 ? 500 : 200});
    events->Add("app.user_handle", std::string_view(fmt::format("user-{:05}", user_)));
    events->Add("app.cached", random_.Below(2) == 0);
    events->EndEvent();
  }

  const LoadOptions options_;
  Random random_;
  size_t made_ = 0;
  uint64_t user_ = 0;
  std::string trace_;
  std::string root_;
  std::string body_;
};

}  // namespace

std::unique_ptr<Load> MakeEventLoad(const LoadOptions& options, bool msgpack) {
  if (msgpack) return std::make_unique<EventLoad<MsgpackEvents>>(options);
  return std::make_unique<EventLoad<JsonEvents>>(options);
}

}  // namespace skep::load
