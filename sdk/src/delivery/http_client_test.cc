// SPDX-License-Identifier: Apache-2.0
#include "delivery/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "delivery/test_server.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr seconds kPatience{60};

HttpRequest To(const std::string& url, std::string_view body = "") {
  HttpRequest request;
  request.url = url;
  request.body = body;
  request.timeout = kPatience;
  return request;
}

TEST(HttpClient, SendsARequestAndReadsItsAnswer) {
  TestServer server([](const std::string&) {
    return TestServer::Answer("200 OK", "X-Mixed-Case:  spaced \r\nEmpty:\r\n", "hello");
  });
  auto client = HttpClient::Create();
  HttpRequest request = To(server.Url() + "/path?q=1", "the body");
  request.headers = {
      {"content-type", "text/plain"}, {"x-team", "key"}, {"x-evil", "a\r\nx-injected: b"}};
  const HttpResponse response = client->Do(request);
  EXPECT_EQ(response.status, 200) << response.error;
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.Header("x-mixed-case"), "spaced");
  EXPECT_EQ(response.Header("missing"), "");
  ASSERT_EQ(server.Requests().size(), 1u);
  const std::string seen = server.Requests()[0];
  EXPECT_THAT(seen, testing::StartsWith("POST /path?q=1 HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("content-type: text/plain\r\n"));
  EXPECT_THAT(seen, HasSubstr("x-team: key\r\n"));
  EXPECT_THAT(seen, testing::EndsWith("\r\n\r\nthe body"));
  EXPECT_THAT(seen, testing::Not(HasSubstr("x-injected")));
  EXPECT_THAT(seen, testing::Not(HasSubstr("Expect")));
}

TEST(HttpClient, KnowsTheOtherMethods) {
  TestServer server(
      [](const std::string&) { return TestServer::Answer("204 No Content", "", ""); });
  auto client = HttpClient::Create();
  for (const std::string method : {"GET", "PUT", "DELETE", "POST"}) {
    HttpRequest request = To(server.Url());
    request.method = method;
    EXPECT_EQ(client->Do(request).status, 204);
    EXPECT_THAT(server.Requests().back(), testing::StartsWith(method + " / "));
  }
}

TEST(HttpClient, KeepsItsConnection) {
  TestServer server([](const std::string&) { return TestServer::Answer("200 OK", "", "x"); });
  auto client = HttpClient::Create();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client->Do(To(server.Url(), "body")).status, 200);
  EXPECT_EQ(server.Connections(), 1);
}

TEST(HttpClient, ComesBackWhenTheConnectionWasClosed) {
  TestServer server([](const std::string& request) {
    return request.find("/close") != std::string::npos ? "" : TestServer::Answer("200 OK", "", "x");
  });
  auto client = HttpClient::Create();
  EXPECT_EQ(client->Do(To(server.Url())).status, 200);
  const HttpResponse cut = client->Do(To(server.Url() + "/close"));
  EXPECT_EQ(cut.status, 0);
  EXPECT_NE(cut.error, "");
  EXPECT_EQ(client->Do(To(server.Url())).status, 200);
}

TEST(HttpClient, FollowsNoRedirects) {
  TestServer server([](const std::string&) {
    return TestServer::Answer("302 Found", "Location: http://127.0.0.1:1/\r\n", "");
  });
  EXPECT_EQ(HttpClient::Create()->Do(To(server.Url())).status, 302);
}

TEST(HttpClient, ReadsNoMoreThanAMegabyte) {
  TestServer server([](const std::string&) {
    return TestServer::Answer("500 Oh", "", std::string(5 << 20, 'x'));
  });
  auto client = HttpClient::Create();
  const HttpResponse response = client->Do(To(server.Url()));
  EXPECT_EQ(response.status, 500) << response.error;
  EXPECT_EQ(response.body.size(), 1u << 20);
  EXPECT_EQ(client->Do(To(server.Url())).status, 500);
}

TEST(HttpClient, SaysWhyThereIsNoAnswer) {
  std::string address;
  {
    address = TestServer([](const std::string&) { return ""; }).Url();
  }
  auto client = HttpClient::Create();
  const HttpResponse refused = client->Do(To(address));
  EXPECT_EQ(refused.status, 0);
  EXPECT_NE(refused.error, "");
  EXPECT_EQ(client->Do(To("file:///etc/passwd")).status, 0);
  EXPECT_EQ(client->Do(To("nonsense://x")).status, 0);
  EXPECT_EQ(client->Do(To("")).status, 0);
}

TEST(HttpClient, GivesUpAfterItsTimeout) {
  std::atomic<bool> done{false};
  TestServer server([&done](const std::string&) {
    done.wait(false);
    return std::string();
  });
  HttpRequest request = To(server.Url());
  request.timeout = milliseconds(50);
  EXPECT_EQ(HttpClient::Create()->Do(request).status, 0);
  done = true;
  done.notify_all();
}

TEST(HttpClient, CancelEndsARequest) {
  std::atomic<bool> asked{false};
  std::atomic<bool> done{false};
  TestServer server([&](const std::string&) {
    asked = true;
    asked.notify_all();
    done.wait(false);
    return std::string();
  });
  auto client = HttpClient::Create();
  std::thread canceller([&] {
    asked.wait(false);
    client->Cancel();
  });
  HttpRequest request = To(server.Url());
  request.timeout = std::chrono::hours(1);
  EXPECT_EQ(client->Do(request).status, 0);
  EXPECT_EQ(client->Do(request).status, 0);  // and every later one
  canceller.join();
  done = true;
  done.notify_all();
}

// A certificate for 127.0.0.1 that nobody signed but itself.
class SelfSigned {
 public:
  SelfSigned()
      : folder_(std::filesystem::temp_directory_path() / ("skep-tls-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* key = EVP_RSA_gen(2048);
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    FILE* file = fopen(File().c_str(), "w");
    PEM_write_X509(file, certificate);
    fclose(file);
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_, certificate);
    SSL_CTX_use_PrivateKey(context_, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~SelfSigned() {
    SSL_CTX_free(context_);
    std::filesystem::remove_all(folder_);
  }
  std::string File() const { return folder_ / "ca.pem"; }
  SSL_CTX* Context() { return context_; }

 private:
  std::filesystem::path folder_;
  SSL_CTX* context_ = nullptr;
};

TEST(HttpClient, VerifiesCertificates) {
  SelfSigned tls;
  TestServer server([](const std::string&) { return TestServer::Answer("200 OK", "", "secret"); },
                    tls.Context());
  const HttpResponse untrusted = HttpClient::Create()->Do(To(server.Url(), "body"));
  EXPECT_EQ(untrusted.status, 0);
  EXPECT_THAT(untrusted.error, HasSubstr("certificate"));
  EXPECT_TRUE(server.Requests().empty());  // not a byte of the request went out

  const HttpResponse trusted =
      HttpClient::Create({.ca_file = tls.File()})->Do(To(server.Url(), "body"));
  EXPECT_EQ(trusted.status, 200) << trusted.error;

  // Trusted, but for another name than the one that was asked for.
  const std::string port = server.Address().substr(server.Address().find(':'));
  const HttpResponse other =
      HttpClient::Create({.ca_file = tls.File()})->Do(To("https://localhost" + port, "body"));
  EXPECT_EQ(other.status, 0);
  EXPECT_EQ(server.Requests().size(), 1u);

  const HttpResponse no_file =
      HttpClient::Create({.ca_file = "/nonexistent.pem"})->Do(To(server.Url()));
  EXPECT_EQ(no_file.status, 0);
}

std::optional<milliseconds> After(const std::string& text) {
  HttpResponse response;
  response.headers = {{"retry-after", text}};
  constexpr int64_t kNowUnixNs = 1'445'412'420'000'000'000;  // Wed, 21 Oct 2015 07:27:00 GMT
  return RetryAfter(response, kNowUnixNs);
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  EXPECT_EQ(After("120"), seconds(120));
  EXPECT_EQ(After("0"), seconds(0));
  EXPECT_EQ(After("Wed, 21 Oct 2015 07:28:00 GMT"), seconds(60));
  EXPECT_EQ(After("Wednesday, 21-Oct-15 07:28:00 GMT"), seconds(60));
  EXPECT_EQ(After("Wed Oct 21 07:28:00 2015"), seconds(60));
  EXPECT_EQ(After("Wed, 21 Oct 2015 07:00:00 GMT"), seconds(0));
  EXPECT_EQ(After("86400"), std::chrono::hours(1));
  EXPECT_EQ(After("99999999999999999999999999"), std::chrono::hours(1));
  EXPECT_EQ(After("Wed, 21 Oct 2026 07:28:00 GMT"), std::chrono::hours(1));
  EXPECT_EQ(After("soon"), std::nullopt);
  EXPECT_EQ(After("-5"), std::nullopt);
  EXPECT_EQ(RetryAfter(HttpResponse(), 0), std::nullopt);
}

}  // namespace
}  // namespace skep::sdk
