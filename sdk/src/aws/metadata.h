// SPDX-License-Identifier: Apache-2.0
// MachineMetadata: what an EC2 machine knows of itself, by version 2 of its metadata service
// (docs.aws.amazon.com/AWSEC2, "Use the Instance Metadata Service"): first a token, then paths with
// it. An answer takes a second at most, or there is none. Not on a host's own thread.
//
// Variables: AWS_EC2_METADATA_DISABLED=true, AWS_EC2_METADATA_SERVICE_ENDPOINT,
// AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "delivery/http_client.h"

namespace skep::sdk::aws {

// The body of an answer 200; empty without one, and then `why` says so.
std::string FetchText(HttpClient& client, std::string method, std::string url,
                      std::vector<std::pair<std::string, std::string>> headers, std::string& why);

bool MachineMetadataIsOff();

class MachineMetadata {
 public:
  // `client` must outlive it.
  explicit MachineMetadata(HttpClient& client);
  // "meta-data/iam/security-credentials/"; empty if there is no answer.
  std::string Get(const std::string& path);
  // Why the last answer was none.
  const std::string& Why() const { return why_; }

 private:
  HttpClient& client_;
  const std::string base_;
  std::string token_;  // got with the first answer
  std::string why_;
};

}  // namespace skep::sdk::aws
