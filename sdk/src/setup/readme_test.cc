// SPDX-License-Identifier: Apache-2.0
// The code of README.md that uses more than one part of the library, which tools/tidy.py holds
// against what stands between the marks here. The program that it begins with is
// tests/install/main.cpp.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "delivery/test_server.h"
#include "skep/sdk/cloudwatch/log_exporter.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/http/client.h"
#include "skep/sdk/http/server.h"
#include "skep/sdk/rollbar/reporter.h"
#include "skep/sdk/sdk.h"
#include "skep/sdk/stack_trace.h"
#include "skep/sdk/xray/recorder.h"

namespace {

using namespace skep::sdk;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{60};

struct Request {
  std::string host = "shop.test";
  std::string method = "GET";
  std::string path = "/api/activities/home";
  std::string url = "http://shop.test/api/activities/home";
  std::map<std::string, std::string, std::less<>> headers;
  std::string Header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

void Query() {}
void CreateActivity() { throw std::runtime_error("the database went away"); }

// [xray]
void Handle(xray::Recorder& recorder, const Request& request) {
  auto segment =
      recorder.InSegment({}, {.trace = xray::TraceOrigin::Header(request.Header("x-amzn-trace-id")),
                              .host = request.host,
                              .method = request.method,
                              .url_path = request.path});
  segment->SetHttpRequest({.method = request.method, .url = request.url});
  {
    auto part = recorder.InSubsegment("mock-data");  // current until the brace, then it ends
    part->PutAnnotation("user_handle", "andrew");    // indexed: text, numbers, truth
    const std::vector<int> ids = {1, 2, 3};
    part->PutMetadata("results", xray::Value::Object({{"size", 3}, {"ids", ids}}), "home");
  }
  recorder.Capture("query", [&] { Query(); });  // records the exception that leaves it
  segment->SetHttpResponse(200);
}  // ends and is sent
// [/xray]

// A port that takes datagrams.
class Daemon {
 public:
  Daemon() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Daemon() { close(fd_); }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  const std::string& Address() const { return address_; }
  std::string Receive() {
    std::string datagram(1 << 16, '\0');
    const ssize_t got = recv(fd_, datagram.data(), datagram.size(), 0);
    datagram.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return datagram;
  }

 private:
  const int fd_;
  std::string address_;
};

class ReadmeTest : public testing::Test {
 protected:
  ReadmeTest() {
    SetDiagnosticHandler([](DiagnosticLevel, std::string_view) {});
  }
  ~ReadmeTest() override {
    for (const char* name : set_) unsetenv(name);
    SetDiagnosticHandler(nullptr);
  }
  void Set(const char* name, const std::string& value) {
    setenv(name, value.c_str(), 1);
    set_.push_back(name);
  }
  static std::string Taken(const std::string&) { return TestServer::Answer("200 OK", "", "{}"); }

  TestServer server_{&Taken};
  std::vector<const char*> set_;
};

TEST_F(ReadmeTest, Xray) {
  Daemon daemon;
  Set("AWS_XRAY_DAEMON_ADDRESS", daemon.Address());
  // [recorder]
  xray::Recorder recorder({.service = "backend"});
  // [/recorder]
  Request request;
  request.headers["x-amzn-trace-id"] = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
  Handle(recorder, request);
  EXPECT_THAT(daemon.Receive(),
              AllOf(HasSubstr(R"("name":"backend")"), HasSubstr(R"("user_handle":"andrew")"),
                    HasSubstr(R"("trace_id":"1-5759e988-bd862e3fe1be46a994272793")"),
                    HasSubstr(R"("ids":[1,2,3])"), HasSubstr(R"("name":"query")"),
                    HasSubstr(R"("status":200)")));
}

TEST_F(ReadmeTest, XrayInAnotherThread) {
  Daemon daemon;
  Set("AWS_XRAY_DAEMON_ADDRESS", daemon.Address());
  xray::Recorder recorder({.service = "backend", .sampling = false});
  {
    auto segment = recorder.InSegment();
    // [xray-thread]
    std::thread worker([&recorder, context = Context::Current()] {
      ContextScope scope(context);
      auto part = recorder.InSubsegment("work");
    });
    // [/xray-thread]
    worker.join();
  }
  EXPECT_THAT(daemon.Receive(), HasSubstr(R"("name":"work")"));
}

TEST_F(ReadmeTest, Http) {
  Daemon daemon;
  Set("AWS_XRAY_DAEMON_ADDRESS", daemon.Address());
  SdkOptions options = SdkOptions::FromEnvironment();
  options.otlp_traces.reset();
  options.otlp_logs.reset();
  options.xray->sampling = false;
  const auto sdk = std::make_unique<Sdk>(std::move(options));
  const Tracer tracer = sdk->Traces().GetTracer("shop");
  const std::string peer = "10.0.0.9";
  const std::string body = "hello";
  const std::string url = server_.Url();
  const HeaderGetter get_header = [](std::string_view name) -> std::optional<std::string> {
    if (name == "host") return "shop.test";
    return std::nullopt;
  };
  std::string answered;
  const auto set_header = [&answered](std::string_view name, std::string_view value) {
    answered.append(name).append(": ").append(value);
  };
  {
    // [http-server]
    http::ServerMiddleware middleware(tracer, &sdk->GetPropagator(), sdk->Xray());
    http::ActiveServerRequest request(middleware.Start(
        {.method = "GET", .target = "/users/7?x=1", .peer_address = peer, .header = get_header}));
    request->SetRoute("/users/<id>");
    request->SetResponseHeaders(set_header);  // X-Amzn-Trace-Id
    // [/http-server]
    // [http-client]
    http::Client client(tracer, &sdk->GetPropagator(), sdk->Xray());
    const http::ClientResponse response = client.Do({.url = url});
    // [/http-client]
    EXPECT_EQ(response.status, 200);
    // [http-end]
    request->End(200, std::ssize(body));
    // [/http-end]
  }
  EXPECT_THAT(answered, HasSubstr("Root=1-"));
  EXPECT_THAT(daemon.Receive(), AllOf(HasSubstr("http://shop.test/users/7"),
                                      HasSubstr(R"("namespace":"remote")"), HasSubstr(peer)));
  EXPECT_THAT(server_.Requests(), Contains(AllOf(HasSubstr("traceparent: 00-"),
                                                 HasSubstr("x-amzn-trace-id: Root=1-"))));
}

TEST_F(ReadmeTest, LogLines) {
  Set("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", server_.Url());
  Set("AWS_ACCESS_KEY_ID", "any");
  Set("AWS_SECRET_ACCESS_KEY", "any");
  Set("LOG_GROUP", "cruddur");
  {
    // [log-lines]
    LoggerProvider logs(Resource::FromEnvironment());
    logs.AddProcessor(std::make_unique<cloudwatch::LogExporter>(
        cloudwatch::LogExporterOptions::FromEnvironment()));
    const Logger logger = logs.GetLogger("home");
    logger.Info("HomeActivities", {{"app.count", 3}});
    // [/log-lines]
    EXPECT_TRUE(logs.Shutdown(kPatience));
  }
  EXPECT_THAT(server_.Requests(), Contains(AllOf(HasSubstr("Logs_20140328.PutLogEvents"),
                                                 HasSubstr(R"("message":"HomeActivities")"))));
}

TEST_F(ReadmeTest, Errors) {
  Set("ROLLBAR_ACCESS_TOKEN", "any");
  Set("ROLLBAR_ENDPOINT", server_.Url() + "/api/1/");
  {
    // [errors]
    RecordThrowSites();  // so that an exception knows where it was thrown
    rollbar::Reporter reporter(rollbar::ReporterOptions::FromEnvironment());
    reporter.InstallCrashHandlers("/var/lib/app/crashes");  // uncaught exceptions and signals
    try {
      CreateActivity();
    } catch (const std::exception& e) {
      reporter.Report(e, {.custom = {{"order", 7}}, .context = "activities#create"});
    }
    // [/errors]
    EXPECT_TRUE(reporter.Flush(kPatience));
  }
  EXPECT_THAT(server_.Requests(),
              Contains(AllOf(HasSubstr("POST /api/1/item/"), HasSubstr("the database went away"),
                             HasSubstr(R"("custom":{"order":7})"), HasSubstr("CreateActivity"))));
}

}  // namespace
