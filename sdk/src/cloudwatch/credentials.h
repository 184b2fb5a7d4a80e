// SPDX-License-Identifier: Apache-2.0
// CredentialsChain: where AWS's own SDKs find credentials, in their order: the variables
// AWS_ACCESS_KEY_ID..., a container's endpoint (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or
// _FULL_URI: ECS, EKS), the role of the EC2 machine (IMDSv2; not with
// AWS_EC2_METADATA_DISABLED=true). What a service gave is kept until five minutes before it
// expires; after a failure it is asked again in a minute at the earliest. Files in ~/.aws are not
// read. Thread-safe.
#pragma once

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

class CredentialsChain {
 public:
  // `clock` must outlive it. `with_services`: false looks at the variables alone.
  CredentialsChain(std::unique_ptr<HttpClient> client, const Clock& clock, bool with_services);
  // Empty ones if there are none.
  Credentials Get();

 private:
  std::optional<LentCredentials> Ask();
  std::optional<LentCredentials> AskContainer();
  std::optional<LentCredentials> AskMachine();
  std::string Fetch(std::string method, std::string url,
                    std::vector<std::pair<std::string, std::string>> headers);

  std::mutex mutex_;  // guards what is below; held while a service is asked
  const std::unique_ptr<HttpClient> client_;
  const Clock& clock_;
  const bool with_services_;
  std::optional<LentCredentials> lent_;
  int64_t ask_after_unix_seconds_ = 0;
};

Credentials EnvironmentCredentials();

}  // namespace skep::sdk::cloudwatch
