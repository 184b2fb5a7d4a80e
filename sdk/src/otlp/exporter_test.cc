// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/otlp/exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <map>
#include <set>
#include <thread>

#include "delivery/fake_clock.h"
#include "delivery/test_server.h"
#include "otlp/pipeline.h"
#include "otlp/test_decoder.h"
#include "skep/sdk/logger.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk::otlp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{60};

// Shared by a test and the client that the exporter owns.
struct Receiver {
  std::mutex mutex;  // guards all
  int status = 200;
  std::vector<HttpRequest> requests;  // their `body` is not valid any more
  std::vector<std::string> bodies;

  std::vector<std::string> Bodies() {
    const std::lock_guard lock(mutex);
    return bodies;
  }
};

class FakeClient : public HttpClient {
 public:
  explicit FakeClient(std::shared_ptr<Receiver> receiver) : receiver_(std::move(receiver)) {}
  HttpResponse Do(const HttpRequest& request) override {
    const std::lock_guard lock(receiver_->mutex);
    HttpResponse response;
    response.status = receiver_->status;
    if (response.status == 200) {
      receiver_->requests.push_back(request);
      receiver_->bodies.emplace_back(request.body);
    }
    return response;
  }

 private:
  std::shared_ptr<Receiver> receiver_;  // with the test
};

// By scope, the names of the spans (or bodies of records, in field `name_field`) in it.
using Names = std::map<std::string, std::vector<std::string>>;
void AddNames(const std::string& body, Names* names, int name_field = 5) {
  for (const Message& resource : Message::Parse(body).All(1)) {
    for (const Message& scope : resource.All(2)) {
      std::vector<std::string>& of_scope = (*names)[scope.All(1).at(0).Text(1)];
      for (const Message& item : scope.All(2)) of_scope.push_back(item.Text(name_field));
    }
  }
}

class ExporterTest : public testing::Test {
 protected:
  void SetUp() override {
    SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
    options_.url = "http://receiver/v1/traces";
  }
  std::shared_ptr<Pipeline> MakePipeline(bool start_thread = false) {
    if (!start_thread) options_.clock = &clock_;
    return std::make_shared<Pipeline>("test", options_, std::make_unique<FakeClient>(receiver_),
                                      start_thread);
  }
  std::unique_ptr<TracerProvider> MakeProvider(bool start_thread = false) {
    TracerProviderOptions options;
    options.resource.attributes["service.name"] = "svc";
    auto provider = std::make_unique<TracerProvider>(std::move(options));
    pipeline_ = MakePipeline(start_thread);
    counters_ = pipeline_->Counters();
    provider->AddProcessor(std::make_unique<SpanExporter>(pipeline_));
    return provider;
  }
  Names Received(int name_field = 5) {
    Names names;
    for (const std::string& body : receiver_->Bodies()) AddNames(body, &names, name_field);
    return names;
  }
  uint64_t Settled() const {
    return counters_->sent + counters_->rejected + counters_->dropped_full +
           counters_->dropped_shutdown;
  }

  FakeClock clock_;
  ExporterOptions options_;
  std::shared_ptr<Receiver> receiver_ = std::make_shared<Receiver>();
  std::shared_ptr<Pipeline> pipeline_;
  std::shared_ptr<const ExportCounters> counters_;
};

TEST_F(ExporterTest, GroupsByScopeAndSendsTheResourceOnce) {
  auto provider = MakeProvider();
  const Tracer a = provider->GetTracer("a", "1");
  const Tracer b = provider->GetTracer("b");
  a.StartSpan("a1").End();
  b.StartSpan("b1").End();
  std::thread([&] { a.StartSpan("a2").End(); }).join();
  a.StartSpan("a3").End();
  EXPECT_TRUE(provider->ForceFlush(kPatience));
  ASSERT_EQ(receiver_->bodies.size(), 1u);
  const std::vector<Message> resources = Message::Parse(receiver_->bodies[0]).All(1);
  ASSERT_EQ(resources.size(), 1u);
  EXPECT_EQ(resources[0].All(1).at(0).All(1).at(0).Text(1), "service.name");
  EXPECT_EQ(resources[0].All(2).size(), 2u);
  Names names = Received();
  EXPECT_THAT(names["a"], testing::UnorderedElementsAre("a1", "a2", "a3"));
  EXPECT_THAT(names["b"], testing::ElementsAre("b1"));
  EXPECT_EQ(counters_->sent, 4u);
  const HttpRequest& request = receiver_->requests[0];
  EXPECT_EQ(request.url, options_.url);
  EXPECT_THAT(request.headers,
              testing::Contains(testing::Pair("content-type", "application/x-protobuf")));
}

TEST_F(ExporterTest, SendsHeadersAndGzip) {
  options_.headers = {{"x-honeycomb-team", "key"}};
  options_.gzip = true;
  auto provider = MakeProvider();
  provider->GetTracer("lib").StartSpan("zipped").End();
  EXPECT_TRUE(provider->ForceFlush(kPatience));
  ASSERT_EQ(receiver_->bodies.size(), 1u);
  EXPECT_THAT(
      receiver_->requests[0].headers,
      testing::IsSupersetOf({std::pair<std::string, std::string>("content-encoding", "gzip"),
                             {"x-honeycomb-team", "key"}}));
  std::string plain(1 << 16, '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(receiver_->bodies[0].data());
  stream.avail_in = static_cast<uInt>(receiver_->bodies[0].size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  Names names;
  AddNames(plain, &names);
  EXPECT_THAT(names["lib"], testing::ElementsAre("zipped"));
}

TEST_F(ExporterTest, KeepsToTheBatchSize) {
  options_.batch_records_max = 10;
  auto provider = MakeProvider();
  const Tracer tracer = provider->GetTracer("lib");
  for (int i = 0; i < 95; ++i) tracer.StartSpan(std::to_string(i)).End();
  EXPECT_TRUE(provider->ForceFlush(kPatience));
  EXPECT_EQ(receiver_->bodies.size(), 10u);
  std::vector<std::string> in_order;
  for (int i = 0; i < 95; ++i) in_order.push_back(std::to_string(i));
  EXPECT_EQ(Received()["lib"], in_order);
}

TEST_F(ExporterTest, ManyScopesAndLargeSpans) {
  auto provider = MakeProvider();
  const std::string large(50'000, 'x');
  for (int i = 0; i < 100; ++i) {
    Span span = provider->GetTracer("scope" + std::to_string(i)).StartSpan("s");
    span.SetAttribute("large", large);
    span.End();
  }
  EXPECT_TRUE(provider->ForceFlush(kPatience));
  EXPECT_GT(receiver_->bodies.size(), 4u);
  EXPECT_EQ(Received().size(), 100u);
  EXPECT_EQ(counters_->sent, 100u);
}

TEST_F(ExporterTest, StaysWithinItsMemoryAndCountsTheRest) {
  options_.queue_bytes_max = 512 << 10;
  auto provider = MakeProvider();
  receiver_->status = 503;
  const Tracer tracer = provider->GetTracer("lib");
  const std::string text(100, 'x');
  uint64_t ended = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 1000; ++i) {
      Span span = tracer.StartSpan("s");
      span.SetAttribute("text", text);
      span.End();
      ++ended;
    }
    clock_.Advance(seconds(5));
    pipeline_->GetDelivery().RunOnce();
    ASSERT_LE(pipeline_->GetDelivery().QueuedBytes(), options_.queue_bytes_max);
  }
  EXPECT_GT(counters_->dropped_full, 0u);
  receiver_->status = 200;
  EXPECT_TRUE(provider->ForceFlush(kPatience));
  EXPECT_EQ(counters_->accepted, ended);
  EXPECT_EQ(Settled(), ended);
  EXPECT_EQ(Received()["lib"].size(), counters_->sent);
  EXPECT_GT(counters_->sent * 150, options_.queue_bytes_max / 2);  // the bound was used
}

TEST_F(ExporterTest, KeepsToTheQueueSizeInRecords) {
  options_.batch_records_max = 10;
  options_.queue_records_max = 50;
  auto provider = MakeProvider();
  receiver_->status = 503;
  const Tracer tracer = provider->GetTracer("lib");
  for (int i = 0; i < 200; ++i) tracer.StartSpan("s").End();
  EXPECT_EQ(counters_->dropped_full, 150u);
  receiver_->status = 200;
  EXPECT_TRUE(provider->ForceFlush(kPatience));
  EXPECT_EQ(counters_->sent, 50u);
}

TEST_F(ExporterTest, CountsWhatComesAfterShutdown) {
  auto provider = MakeProvider();
  const Tracer tracer = provider->GetTracer("lib");
  Span late = tracer.StartSpan("late");
  tracer.StartSpan("in time").End();
  EXPECT_TRUE(pipeline_->Shutdown(kPatience));
  late.End();
  std::thread([&] { tracer.StartSpan("later").End(); }).join();
  EXPECT_EQ(counters_->sent, 1u);
  EXPECT_EQ(counters_->dropped_shutdown, 2u);
  EXPECT_EQ(counters_->accepted, 3u);
}

TEST_F(ExporterTest, CountsWhatCouldNotBeSentBeforeTheEnd) {
  auto provider = MakeProvider();
  receiver_->status = 503;
  provider->GetTracer("lib").StartSpan("s").End();
  EXPECT_FALSE(provider->Shutdown(milliseconds(10)));
  EXPECT_EQ(counters_->accepted, 1u);
  EXPECT_EQ(counters_->dropped_shutdown, 1u);
}

TEST_F(ExporterTest, SpansMayOutliveTheExporterAndThreads) {
  Span late;
  std::atomic<bool> started{false};
  std::atomic<bool> gone{false};
  auto provider = MakeProvider();
  std::thread thread([&] {
    provider->GetTracer("lib").StartSpan("s").End();
    late = provider->GetTracer("lib").StartSpan("late");
    started = true;
    while (!gone) std::this_thread::yield();
    late.End();
  });
  while (!started) std::this_thread::yield();
  pipeline_.reset();
  provider.reset();
  gone = true;
  thread.join();
  EXPECT_EQ(counters_->accepted, Settled());
}

TEST_F(ExporterTest, ThreadsLoseAndDoubleNothing) {
  options_.batch_records_max = 100;
  options_.schedule_delay = milliseconds(5);
  auto provider = MakeProvider(true);
  constexpr int kThreads = 6;
  constexpr int kSpans = 2000;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const Tracer tracer = provider->GetTracer("scope" + std::to_string(t % 3));
      for (int i = 0; i < kSpans; ++i) {
        // Some are ended by a thread that ends at once.
        if (i % 500 == 0) {
          std::thread([&] {
            tracer.StartSpan(std::to_string(t) + "/" + std::to_string(i)).End();
          }).join();
        } else {
          tracer.StartSpan(std::to_string(t) + "/" + std::to_string(i)).End();
        }
        if (i % 700 == 0) {
          EXPECT_TRUE(provider->ForceFlush(kPatience));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(provider->Shutdown(kPatience));
  std::multiset<std::string> names;
  for (const auto& [scope, of_scope] : Received()) names.insert(of_scope.begin(), of_scope.end());
  EXPECT_EQ(names.size(), static_cast<size_t>(kThreads * kSpans));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  EXPECT_EQ(counters_->sent, names.size());
}

TEST_F(ExporterTest, AChildProcessNeitherSendsNorHangs) {
  auto provider = MakeProvider(true);
  const Tracer tracer = provider->GetTracer("lib");
  tracer.StartSpan("parent").End();
  const pid_t child = fork();
  if (child == 0) {
    tracer.StartSpan("child").End();
    const bool flushed = provider->ForceFlush(milliseconds(10));
    const bool sent = provider->Shutdown(milliseconds(10));
    provider.reset();
    pipeline_.reset();
    _exit(flushed || sent || counters_->dropped_shutdown != 1 ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(provider->Shutdown(kPatience));
  EXPECT_THAT(Received()["lib"], testing::ElementsAre("parent"));
}

TEST_F(ExporterTest, LogRecords) {
  options_.url = "http://receiver/v1/logs";
  Resource resource;
  resource.attributes["service.name"] = "svc";
  LoggerProvider provider(resource);
  pipeline_ = MakePipeline();
  provider.AddProcessor(std::make_unique<LogExporter>(pipeline_));
  provider.GetLogger("log").Info("hello", {{"n", 5}});
  EXPECT_TRUE(provider.ForceFlush(kPatience));
  ASSERT_EQ(receiver_->bodies.size(), 1u);
  const Message record =
      Message::Parse(receiver_->bodies[0]).All(1).at(0).All(2).at(0).All(2).at(0);
  EXPECT_EQ(record.All(5).at(0).Text(1), "hello");
  EXPECT_EQ(record.Text(3), "INFO");
  EXPECT_EQ(pipeline_->Counters()->sent, 1u);
}

TEST(Exporter, OverHttp) {
  TestServer server([](const std::string&) {
    // partial_success {rejected_spans: 1, error_message: "no"}
    return TestServer::Answer("200 OK", "Content-Type: application/x-protobuf\r\n",
                              "\x0A\x06\x08\x01\x12\x02no");
  });
  SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  TracerProvider provider({});
  ExporterOptions options;
  options.url = server.Url() + "/v1/traces";
  auto exporter = std::make_unique<SpanExporter>(options);
  const auto counters = exporter->Counters();
  provider.AddProcessor(std::move(exporter));
  for (int i = 0; i < 3; ++i) provider.GetTracer("lib").StartSpan("s" + std::to_string(i)).End();
  EXPECT_TRUE(provider.Shutdown(kPatience));
  ASSERT_EQ(server.Requests().size(), 1u);
  const std::string request = server.Requests()[0];
  EXPECT_THAT(request, testing::StartsWith("POST /v1/traces HTTP/1.1\r\n"));
  Names names;
  AddNames(request.substr(request.find("\r\n\r\n") + 4), &names);
  EXPECT_THAT(names["lib"], testing::ElementsAre("s0", "s1", "s2"));
  EXPECT_EQ(counters->sent, 2u);
  EXPECT_EQ(counters->rejected, 1u);
}

}  // namespace
}  // namespace skep::sdk::otlp
