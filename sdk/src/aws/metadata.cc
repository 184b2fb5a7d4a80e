// SPDX-License-Identifier: Apache-2.0
#include "aws/metadata.h"

#include <strings.h>

#include "aws/environment.h"

namespace skep::sdk::aws {
namespace {

// These services are on the machine or next to it.
constexpr std::chrono::milliseconds kPatience{1000};

std::string Base() {
  std::string base = Env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  const bool ipv6 = strcasecmp(Env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").c_str(), "IPv6") == 0;
  if (base.empty()) base = ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  while (base.ends_with('/')) base.pop_back();
  return base + "/latest/";
}

}  // namespace

std::string FetchText(HttpClient& client, std::string method, std::string url,
                      std::vector<std::pair<std::string, std::string>> headers, std::string& why) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = std::move(headers);
  request.timeout = kPatience;
  HttpResponse response = client.Do(request);
  if (response.status == 200) return std::move(response.body);
  why = request.url + ": " +
        (response.status == 0 ? response.error : "answers " + std::to_string(response.status));
  return "";
}

bool MachineMetadataIsOff() {
  return strcasecmp(Env("AWS_EC2_METADATA_DISABLED").c_str(), "true") == 0;
}

MachineMetadata::MachineMetadata(HttpClient& client) : client_(client), base_(Base()) {}

std::string MachineMetadata::Get(const std::string& path) {
  if (token_.empty()) {
    token_ = FetchText(client_, "PUT", base_ + "api/token",
                       {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}, why_);
    if (token_.empty()) return "";
  }
  return FetchText(client_, "GET", base_ + path, {{"X-aws-ec2-metadata-token", token_}}, why_);
}

}  // namespace skep::sdk::aws
