// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/credentials.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <fstream>

#include "aws/environment.h"
#include "aws/metadata.h"
#include "aws/profile.h"
#include "core/json_value.h"
#include "skep/sdk/diagnostics.h"

namespace skep::sdk::cloudwatch {
namespace {

using aws::Env;

constexpr int64_t kRenewBeforeSeconds = 300;
constexpr int64_t kAskAgainNs = 60'000'000'000;

int64_t SecondsOf(const std::string& time) {
  if (time.empty()) return INT64_MAX;
  std::tm parts{};
  return strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr ? 0 : timegm(&parts);
}

// "host", or "[::1]", of "http://host:80/path".
std::string_view HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const size_t user = url.rfind('@');
  if (user != std::string_view::npos) url.remove_prefix(user + 1);
  if (url.starts_with('[')) return url.substr(0, std::min(url.find(']'), url.size() - 1) + 1);
  return url.substr(0, url.find(':'));
}

Credentials ProfileCredentials() {
  const aws::Profile profile = aws::LoadProfile();
  Credentials credentials{std::string(aws::Setting(profile, "aws_access_key_id")),
                          std::string(aws::Setting(profile, "aws_secret_access_key")),
                          std::string(aws::Setting(profile, "aws_session_token"))};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) return {};
  return credentials;
}

// What else a profile may name to get keys by, which this library does not do.
std::string UnusedSource() {
  const aws::Profile profile = aws::LoadProfile();
  for (const char* name : {"credential_process", "sso_session", "sso_start_url", "role_arn"}) {
    if (!aws::Setting(profile, name).empty()) {
      return std::string(" (its ") + name + " is not used: `aws configure export-credentials`)";
    }
  }
  return "";
}

}  // namespace

Credentials EnvironmentCredentials() {
  return {Env("AWS_ACCESS_KEY_ID"), Env("AWS_SECRET_ACCESS_KEY"), Env("AWS_SESSION_TOKEN")};
}

std::optional<LentCredentials> ReadLentCredentials(std::string_view body) {
  const std::optional<JsonValue> json = JsonValue::Parse(body);
  if (!json) return std::nullopt;
  LentCredentials lent;
  lent.credentials = {std::string(json->TextOf("AccessKeyId")),
                      std::string(json->TextOf("SecretAccessKey")),
                      std::string(json->TextOf("Token"))};
  lent.expires_unix_seconds = SecondsOf(std::string(json->TextOf("Expiration")));
  if (lent.credentials.access_key_id.empty() || lent.credentials.secret_access_key.empty())
    return std::nullopt;
  return lent;
}

bool MayAskContainer(std::string_view url) {
  static constexpr std::array<std::string_view, 5> kHosts{"localhost", "[::1]", "169.254.170.2",
                                                          "169.254.170.23", "[fd00:ec2::23]"};
  if (url.starts_with("https://")) return true;
  if (!url.starts_with("http://")) return false;
  const std::string_view host = HostOf(url);
  // 127.0.0.0/8 by its digits alone: "127.example.com" is somebody else's.
  const bool loopback =
      host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
  return loopback || std::ranges::find(kHosts, host) != kHosts.end();
}

bool IsAws(std::string_view endpoint) {
  if (endpoint.empty()) return true;
  const std::string_view host = HostOf(endpoint);
  return host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn") ||
         host.ends_with(".api.aws");
}

ChainProvider ChainProvider::FromEnvironment(std::string_view endpoint) {
  return {
      std::make_shared<CredentialsChain>(HttpClient::Create(), Clock::System(), IsAws(endpoint))};
}

CredentialsChain::CredentialsChain(std::unique_ptr<HttpClient> client, const Clock& clock,
                                   bool needed)
    : client_(std::move(client)), clock_(clock), needed_(needed) {}

Credentials CredentialsChain::Get() {
  Credentials own = EnvironmentCredentials();
  if (own.access_key_id.empty()) own = ProfileCredentials();
  if (!own.access_key_id.empty()) return own;
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.UnixNanos() / 1'000'000'000;
  const int64_t steady_ns = clock_.SteadyNanos();
  const bool fresh = lent_ && lent_->expires_unix_seconds - kRenewBeforeSeconds > now;
  if (!fresh && steady_ns >= ask_after_steady_ns_) {
    ask_after_steady_ns_ = steady_ns + kAskAgainNs;
    // What was lent before may still do until it expires.
    if (auto lent = Ask()) {
      lent_ = std::move(lent);
    } else if (needed_) {
      Diagnose(DiagnosticLevel::kWarn,
               "cloudwatch: no AWS credentials: neither AWS_ACCESS_KEY_ID and "
               "AWS_SECRET_ACCESS_KEY, nor keys in profile " +
                   aws::ProfileName() + UnusedSource() + ", nor from a service: " + why_);
    }
  }
  return lent_ ? lent_->credentials : Credentials();
}

std::optional<LentCredentials> CredentialsChain::Ask() {
  if (!Env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
      !Env("AWS_CONTAINER_CREDENTIALS_FULL_URI").empty()) {
    return AskContainer();
  }
  if (aws::MachineMetadataIsOff()) {
    why_ = "AWS_EC2_METADATA_DISABLED is true";
    return std::nullopt;
  }
  const bool named = !Env("AWS_EC2_METADATA_SERVICE_ENDPOINT").empty();
  return needed_ || named ? AskMachine() : std::nullopt;
}

std::optional<LentCredentials> CredentialsChain::AskContainer() {
  const std::string path = Env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url =
      path.empty() ? Env("AWS_CONTAINER_CREDENTIALS_FULL_URI") : "http://169.254.170.2" + path;
  if (!MayAskContainer(url)) {
    why_ = url + " is neither HTTPS nor on this machine";
    return std::nullopt;
  }
  std::string token = Env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string name = Env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !name.empty()) {
    std::ifstream file(name);
    std::getline(file, token);
  }
  std::vector<std::pair<std::string, std::string>> headers;
  if (!token.empty()) headers.emplace_back("Authorization", token);
  return Read(url, aws::FetchText(*client_, "GET", url, std::move(headers), why_));
}

std::optional<LentCredentials> CredentialsChain::AskMachine() {
  constexpr char kRoles[] = "meta-data/iam/security-credentials/";
  aws::MachineMetadata machine(*client_);
  std::string role = machine.Get(kRoles);
  role = role.substr(0, role.find('\n'));
  const std::string body = role.empty() ? "" : machine.Get(kRoles + role);
  why_ = machine.Why();
  return Read("the machine's role " + role, body);
}

std::optional<LentCredentials> CredentialsChain::Read(const std::string& url,
                                                      std::string_view body) {
  if (body.empty()) return std::nullopt;  // and why_ says why
  std::optional<LentCredentials> lent = ReadLentCredentials(body);
  if (!lent) why_ = url + " gives none";
  return lent;
}

}  // namespace skep::sdk::cloudwatch
