// SPDX-License-Identifier: Apache-2.0
// What holds for any text that receivers, daemons and AWS's files give: nothing crashes, JSON that
// was read is written and read again as it was, and an item stays one when it is made smaller. Used
// by the fuzz target and by the test that replays its corpus.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "aws/profile.h"
#include "cloudwatch/answers.h"
#include "cloudwatch/credentials.h"
#include "core/json_value.h"
#include "rollbar/item_json.h"
#include "xray/sampling_rule.h"

namespace skep::sdk::fuzz {

inline void Hold(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string WrittenAgain(std::string_view text) {
  const std::optional<JsonValue> value = JsonValue::Parse(text);
  Hold(value.has_value(), "what was written is JSON");
  std::string out;
  value->AppendTo(out);
  return out;
}

inline void CheckJson(std::string_view input) {
  const std::optional<JsonValue> value = JsonValue::Parse(input);
  if (!value) return;
  std::string written;
  value->AppendTo(written);
  Hold(WrittenAgain(written) == written, "JSON is the same when it is written again");
  const std::string small = rollbar::Truncated(std::string(input), 64);
  Hold(JsonValue::Parse(small).has_value(), "an item that was made smaller is JSON");
}

inline void CheckAnswers(std::string_view input) {
  CheckJson(input);
  const cloudwatch::AwsError error = cloudwatch::ReadError("", input);
  Hold(error.message.size() <= 512, "a message has at most 512 bytes");
  Hold(cloudwatch::RejectedEvents(cloudwatch::ReadPutAnswer(input), 7) <= 7,
       "no more is rejected than was sent");
  if (const auto lent = cloudwatch::ReadLentCredentials(input))
    Hold(!lent->credentials.access_key_id.empty(), "what is lent has a key");
  if (const auto rules = xray::ParseRules(input)) {
    Hold(rules->size() <= 1000, "there are at most 1000 rules");
    for (const xray::SamplingRule& rule : *rules)
      Hold(rule.fixed_rate >= 0 && rule.fixed_rate <= 1, "a rate is one");
  }
  if (const auto targets = xray::ParseTargets(input))
    Hold(targets->targets.size() <= 1000, "there are at most 1000 targets");
  aws::Profile profile;
  aws::ReadProfile(input, aws::ProfileFile::kConfig, "default", profile);
  aws::ReadProfile(input, aws::ProfileFile::kCredentials, "default", profile);
  for (const auto& [name, value] : profile)
    Hold(value.find('\n') == std::string::npos, "a setting is of one line");
  (void)cloudwatch::MayAskContainer(input);
  (void)cloudwatch::IsAws(input);
}

}  // namespace skep::sdk::fuzz
