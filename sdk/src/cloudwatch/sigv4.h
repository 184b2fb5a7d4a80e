// SPDX-License-Identifier: Apache-2.0
// Signature Version 4: how AWS's services know who sent a request (docs.aws.amazon.com/IAM, "Create
// a signed AWS API request"). Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skep/sdk/cloudwatch/log_exporter.h"

namespace skep::sdk::cloudwatch {

struct RequestToSign {
  std::string method = "POST";
  std::string path = "/";                                    // not yet percent-encoded
  std::vector<std::pair<std::string, std::string>> query;    // not yet percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;  // all of them are signed; any case
  std::string_view body;
};

struct SigningScope {
  std::string region;
  std::string service;
  int64_t unix_seconds = 0;  // of the header x-amz-date
};

std::string AmzDate(int64_t unix_seconds);  // "20150830T123600Z"
std::string CanonicalRequest(const RequestToSign& request);
std::string StringToSign(std::string_view canonical_request, const SigningScope& scope);
// The value of the header Authorization.
std::string Authorization(const RequestToSign& request, const Credentials& credentials,
                          const SigningScope& scope);

}  // namespace skep::sdk::cloudwatch
