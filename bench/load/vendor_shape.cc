// SPDX-License-Identifier: Apache-2.0
#include "load/vendor_shape.h"

#include <fmt/format.h>

namespace skep::load {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;
constexpr double kNsPerS = 1e9;

// JSON in a JSON string: only these two need care in what is made here.
void AppendQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out->push_back('\\');
    out->push_back(c);
  }
  out->push_back('"');
}

class DocumentMaker {
 public:
  explicit DocumentMaker(const LoadOptions& options) : options_(options), random_(options.seed) {}

  void Append(std::string* out) {
    const int64_t start_ns = TimeAt(options_, made_++);
    const int64_t duration_ns = DrawDurationNs(&random_);
    const uint64_t user = DrawUser(&random_);
    const uint64_t route = random_.Below(50);
    const bool fault = random_.Below(100) < 3;
    const auto seconds = [&](double part) {
      return (static_cast<double>(start_ns) + static_cast<double>(duration_ns) * part) / kNsPerS;
    };
    const uint64_t high = random_.Next();
    *out += fmt::format(
        R"({{"id":"{:016x}","name":"shop-{}","start_time":{:.7f},"end_time":{:.7f},)"
        R"("in_progress":false,"trace_id":"1-{:08x}-{:08x}{:016x}",)"
        R"("http":{{"request":{{"method":"GET","url":"http://shop.internal/api/v1/{}/items",)"
        R"("user_agent":"ShopApp/7.3.1 iOS/18.1","client_ip":"10.20.{}.{}"}},)"
        R"("response":{{"status":{},"content_length":{}}}}},)"
        R"("annotations":{{"user_handle":"user-{:05}","experiment":"variant-a"}},)"
        R"("metadata":{{"default":{{"cart":{{"items":{},"currency":"EUR"}}}}}},)"
        R"("aws":{{"xray":{{"sdk":"X-Ray for Python","sdk_version":"2.15.0"}}}},)"
        R"("service":{{"runtime":"CPython","runtime_version":"3.11.2"}},)"
        R"("subsegments":[{{"id":"{:016x}","name":"db","start_time":{:.7f},"end_time":{:.7f},)"
        R"("in_progress":false,"namespace":"remote"}}]{}}})",
        random_.Next() | 1, route % 10, seconds(0), seconds(1),
        static_cast<uint32_t>(start_ns / 1'000'000'000), static_cast<uint32_t>(high >> 32),
        random_.Next(), route, user % 7, user % 200, fault ? 500 : 200, random_.Below(4000), user,
        random_.Below(20), random_.Next() | 1, seconds(0.2), seconds(0.7),
        fault ? ",\"fault\":true" : "");
  }

 private:
  const LoadOptions options_;
  Random random_;
  size_t made_ = 0;
};

class SegmentLoad final : public Load {
 public:
  explicit SegmentLoad(const LoadOptions& options) : documents_(options) {}
  std::string_view Next(size_t records) override {
    body_ = "{\"TraceSegmentDocuments\":[";
    for (size_t i = 0; i < records; ++i) {
      document_.clear();
      documents_.Append(&document_);
      if (i != 0) body_.push_back(',');
      AppendQuoted(document_, &body_);
    }
    body_ += "]}";
    return body_;
  }

 private:
  DocumentMaker documents_;
  std::string document_;
  std::string body_;
};

class DatagramLoad final : public Load {
 public:
  explicit DatagramLoad(const LoadOptions& options) : documents_(options) {}
  std::string_view Next(size_t) override {
    body_ = "{\"format\":\"json\",\"version\":1}\n";
    documents_.Append(&body_);
    return body_;
  }

 private:
  DocumentMaker documents_;
  std::string body_;
};

class LogEventLoad final : public Load {
 public:
  explicit LogEventLoad(const LoadOptions& options) : options_(options), random_(options.seed) {}
  std::string_view Next(size_t records) override {
    body_ = R"({"logGroupName":"bench","logStreamName":"load","logEvents":[)";
    for (size_t i = 0; i < records; ++i) {
      line_.clear();
      AppendLineText(&random_, &line_);
      if (i != 0) body_.push_back(',');
      body_ += fmt::format(R"({{"timestamp":{},"message":)", TimeAt(options_, made_++) / kNsPerMs);
      AppendQuoted(line_, &body_);
      body_.push_back('}');
    }
    body_ += "]}";
    return body_;
  }

 private:
  const LoadOptions options_;
  Random random_;
  size_t made_ = 0;
  std::string line_;
  std::string body_;
};

class ItemLoad final : public Load {
 public:
  explicit ItemLoad(const LoadOptions& options) : options_(options), random_(options.seed) {}
  std::string_view Next(size_t) override {
    const uint64_t sort = random_.Below(200);
    const uint64_t user = DrawUser(&random_);
    std::string frames;
    for (uint64_t i = 0; i < 8; ++i)
      frames +=
          fmt::format(R"({}{{"filename":"/srv/shop/module_{}.py","lineno":{},"method":"step_{}",)"
                      R"("code":"return self.next_step"}})",
                      i == 0 ? "" : ",", (sort + i) % 40, 10 + sort + i, i);
    body_ = fmt::format(
        R"({{"access_token":"0123456789abcdef0123456789abcdef","data":{{)"
        R"("environment":"production","level":"error","language":"python","framework":"flask",)"
        R"("platform":"linux","timestamp":{},"uuid":"{:016x}{:016x}",)"
        R"("notifier":{{"name":"pyrollbar","version":"1.5.0"}},)"
        R"("server":{{"host":"node-{:02}","root":"/srv/shop","pid":{}}},)"
        R"("request":{{"url":"http://shop.internal/api/v1/{}/items","method":"GET",)"
        R"("user_ip":"10.20.{}.{}"}},"person":{{"id":"user-{:05}"}},)"
        R"("body":{{"trace":{{"frames":[{}],"exception":{{"class":"Sort{}Error",)"
        R"("message":"order {} cannot be found"}}}}}}}}}})",
        TimeAt(options_, made_++) / 1'000'000'000, random_.Next(), random_.Next(), user % 20,
        1000 + user % 4, sort % 50, user % 7, user % 200, user, frames, sort,
        random_.Below(1'000'000));
    return body_;
  }

 private:
  const LoadOptions options_;
  Random random_;
  size_t made_ = 0;
  std::string body_;
};

}  // namespace

std::unique_ptr<Load> MakeSegmentLoad(const LoadOptions& options) {
  return std::make_unique<SegmentLoad>(options);
}
std::unique_ptr<Load> MakeDatagramLoad(const LoadOptions& options) {
  return std::make_unique<DatagramLoad>(options);
}
std::unique_ptr<Load> MakeLogEventLoad(const LoadOptions& options) {
  return std::make_unique<LogEventLoad>(options);
}
std::unique_ptr<Load> MakeItemLoad(const LoadOptions& options) {
  return std::make_unique<ItemLoad>(options);
}

}  // namespace skep::load
