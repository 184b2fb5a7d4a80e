// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/credentials.h"

#include <rapidjson/document.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

namespace skep::sdk::cloudwatch {
namespace {

constexpr int64_t kRenewBeforeSeconds = 300;
constexpr int64_t kAskAgainSeconds = 60;
constexpr std::chrono::milliseconds kPatience{
    1000};  // these services are on the machine or next to it

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Text(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

int64_t SecondsOf(const std::string& time) {
  if (time.empty()) return INT64_MAX;
  std::tm parts{};
  return strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr ? 0 : timegm(&parts);
}

}  // namespace

Credentials EnvironmentCredentials() {
  return {Env("AWS_ACCESS_KEY_ID"), Env("AWS_SECRET_ACCESS_KEY"), Env("AWS_SESSION_TOKEN")};
}

std::optional<LentCredentials> ReadLentCredentials(std::string_view body) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (json.HasParseError() || !json.IsObject()) return std::nullopt;
  LentCredentials lent;
  lent.credentials = {Text(json, "AccessKeyId"), Text(json, "SecretAccessKey"),
                      Text(json, "Token")};
  lent.expires_unix_seconds = SecondsOf(Text(json, "Expiration"));
  if (lent.credentials.access_key_id.empty() || lent.credentials.secret_access_key.empty())
    return std::nullopt;
  return lent;
}

CredentialsChain::CredentialsChain(std::unique_ptr<HttpClient> client, const Clock& clock,
                                   bool with_services)
    : client_(std::move(client)), clock_(clock), with_services_(with_services) {}

Credentials CredentialsChain::Get() {
  Credentials own = EnvironmentCredentials();
  if (!own.access_key_id.empty() || !with_services_) return own;
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.UnixNanos() / 1'000'000'000;
  const bool fresh = lent_ && lent_->expires_unix_seconds - kRenewBeforeSeconds > now;
  if (!fresh && now >= ask_after_unix_seconds_) {
    ask_after_unix_seconds_ = now + kAskAgainSeconds;
    // What was lent before may still do until it expires.
    if (auto lent = Ask()) lent_ = std::move(lent);
  }
  return lent_ ? lent_->credentials : Credentials();
}

std::optional<LentCredentials> CredentialsChain::Ask() {
  if (!Env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
      !Env("AWS_CONTAINER_CREDENTIALS_FULL_URI").empty()) {
    return AskContainer();
  }
  return Env("AWS_EC2_METADATA_DISABLED") == "true" ? std::nullopt : AskMachine();
}

std::optional<LentCredentials> CredentialsChain::AskContainer() {
  const std::string path = Env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url =
      path.empty() ? Env("AWS_CONTAINER_CREDENTIALS_FULL_URI") : "http://169.254.170.2" + path;
  std::string token = Env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string name = Env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !name.empty()) {
    std::ifstream file(name);
    std::getline(file, token);
  }
  std::vector<std::pair<std::string, std::string>> headers;
  if (!token.empty()) headers.emplace_back("Authorization", token);
  return ReadLentCredentials(Fetch("GET", url, std::move(headers)));
}

std::optional<LentCredentials> CredentialsChain::AskMachine() {
  std::string base = Env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (base.empty()) base = "http://169.254.169.254";
  while (base.ends_with('/')) base.pop_back();
  const std::string token =
      Fetch("PUT", base + "/latest/api/token", {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}});
  if (token.empty()) return std::nullopt;
  const std::string folder = base + "/latest/meta-data/iam/security-credentials/";
  std::string role = Fetch("GET", folder, {{"X-aws-ec2-metadata-token", token}});
  role = role.substr(0, role.find('\n'));
  if (role.empty()) return std::nullopt;
  return ReadLentCredentials(Fetch("GET", folder + role, {{"X-aws-ec2-metadata-token", token}}));
}

std::string CredentialsChain::Fetch(std::string method, std::string url,
                                    std::vector<std::pair<std::string, std::string>> headers) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = std::move(headers);
  request.timeout = kPatience;
  HttpResponse response = client_->Do(request);
  return response.status == 200 ? std::move(response.body) : "";
}

}  // namespace skep::sdk::cloudwatch
