// SPDX-License-Identifier: Apache-2.0
// What CloudWatch Logs answers, read from bodies that a network peer wrote: bounded by HttpClient's
// 1 MiB, read without recursion; what is not as expected is as if it was not there. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skep::sdk::cloudwatch {

struct PutAnswer {
  std::string next_token;  // emulators of before 2023 want it with the next batch
  // rejectedLogEventsInfo. The two ends are exclusive in AWS's words; emulators give the last one's
  // index.
  std::optional<uint32_t> too_new_start;
  std::optional<uint32_t> too_old_end;
  std::optional<uint32_t> expired_end;
};

struct AwsError {
  std::string code;     // "ResourceNotFoundException"; empty if AWS's protocol was not spoken
  std::string message;  // at most 512 bytes of it
  std::string expected_token;  // of a sequence error; empty: none
};

PutAnswer ReadPutAnswer(std::string_view body);
// `type_header` is x-amzn-errortype.
AwsError ReadError(std::string_view type_header, std::string_view body);
// Of `records` events, sorted by time.
uint32_t RejectedEvents(const PutAnswer& answer, uint32_t records);

}  // namespace skep::sdk::cloudwatch
