// SPDX-License-Identifier: Apache-2.0
// Scrubber: which values must not leave the process, by the names of their fields, as pyrollbar and
// rollbar.js do: exactly these names (without regard to case, '-', '_'), and those that speak of
// passwords, secrets and tokens. Immutable, thread-safe.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/rollbar/item.h"

namespace skep::sdk::rollbar {

constexpr std::string_view kScrubbed = "********";

class Scrubber {
 public:
  explicit Scrubber(const std::vector<std::string>& more_fields);
  bool IsSecret(std::string_view field) const;
  // Values of secret parameters in the query, and the password before an '@', replaced.
  std::string Url(std::string_view url) const;
  std::string Query(std::string_view query) const;

 private:
  std::set<std::string, std::less<>> names_;  // as Plain gives them
};

// "a=1&b=%20": decoded, in order.
Fields ParseQuery(std::string_view query);
std::string_view QueryOf(std::string_view url);
// "192.168.1.0" for "192.168.1.17", "2001:db8:1:0000:..." likewise; empty for what is no address.
std::string AnonymizedIp(std::string_view ip);

}  // namespace skep::sdk::rollbar
