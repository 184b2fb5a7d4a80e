// SPDX-License-Identifier: Apache-2.0
// Call and Answer: a request and its reply as the handlers see them, whatever serves HTTP.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.h"

namespace activities {

// A header's value, whatever the case of its name; several of one name joined by a comma.
using HeaderGetter = std::function<std::optional<std::string>(std::string_view name)>;

struct Call {
  std::string_view method;
  std::string_view path;    // decoded
  std::string parameter;    // what the route's <name> took, decoded
  std::string_view target;  // as it came: path and query
  std::string_view body;
  std::string_view peer_address;
  Fields query;
  HeaderGetter header;
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

using Handler = std::function<Answer(const Call& call)>;

}  // namespace activities
