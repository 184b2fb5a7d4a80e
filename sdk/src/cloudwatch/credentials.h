// SPDX-License-Identifier: Apache-2.0
// CredentialsChain: where AWS's own SDKs find credentials, in their order: the variables
// AWS_ACCESS_KEY_ID..., the profile AWS_PROFILE of the files in ~/.aws, a container's endpoint
// (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI: ECS, EKS), the role of the EC2 machine
// (IMDSv2). Variables and files are read each time, so that others may renew them. What a service
// gave is kept until five minutes before it expires; after a failure it is asked again in a minute
// at the earliest, and where keys are needed, a diagnostic says what was looked for. It takes three
// seconds at most, on the sending thread. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "delivery/http_client.h"
#include "skep/sdk/clock.h"
#include "skep/sdk/cloudwatch/log_exporter.h"

namespace skep::sdk::cloudwatch {

struct LentCredentials {
  Credentials credentials;
  int64_t expires_unix_seconds = 0;  // INT64_MAX: never
};

// {"AccessKeyId":..,"SecretAccessKey":..,"Token":..,"Expiration":"2026-11-28T23:00:00Z"}
std::optional<LentCredentials> ReadLentCredentials(std::string_view body);

// Whether the endpoint of AWS_CONTAINER_CREDENTIALS_FULL_URI may be asked: HTTPS, or what AWS's
// SDKs allow in the clear: this machine, and the agents of ECS and EKS.
bool MayAskContainer(std::string_view url);

// Whether a service at this endpoint is AWS's own, which takes no request without keys.
bool IsAws(std::string_view endpoint);

class CredentialsChain {
 public:
  // `clock` must outlive it. `needed`: without keys nothing can be sent, so the machine is asked;
  // Skep and emulators take any, so that only what is named by a variable is.
  CredentialsChain(std::unique_ptr<HttpClient> client, const Clock& clock, bool needed);
  // Empty ones if there are none.
  Credentials Get();
  // Ends a Get that asks a service, and lets none ask any more. Thread-safe.
  void Cancel() { client_->Cancel(); }

 private:
  std::optional<LentCredentials> Ask();
  std::optional<LentCredentials> AskContainer();
  std::optional<LentCredentials> AskMachine();
  std::optional<LentCredentials> Read(const std::string& url, std::string_view body);

  std::mutex mutex_;  // guards what is below; held while a service is asked
  const std::unique_ptr<HttpClient> client_;
  const Clock& clock_;
  const bool needed_;
  std::optional<LentCredentials> lent_;
  int64_t ask_after_steady_ns_ = INT64_MIN;
  std::string why_;  // the service that was asked last gave nothing
};

// What LogExporterOptions::credentials_provider holds when it comes from the environment.
struct ChainProvider {
  std::shared_ptr<CredentialsChain> chain;  // shared by the copies of the options
  Credentials operator()() const { return chain->Get(); }
  static ChainProvider FromEnvironment(std::string_view endpoint);
};

Credentials EnvironmentCredentials();

}  // namespace skep::sdk::cloudwatch
