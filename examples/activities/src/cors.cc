// SPDX-License-Identifier: Apache-2.0
#include "cors.h"

#include <optional>
#include <string>

namespace activities {

void AddCorsHeaders(std::string_view method, std::string_view path, const HeaderGetter& header,
                    Answer& answer) {
  if (!path.starts_with("/api/")) return;
  const std::optional<std::string> origin = header("origin");
  answer.headers.emplace_back("Access-Control-Allow-Origin", origin.value_or("*"));
  answer.headers.emplace_back("Access-Control-Expose-Headers", "location,link");
  if (origin) answer.headers.emplace_back("Vary", "Origin");
  if (method != "OPTIONS" || !origin || !header("access-control-request-method")) return;
  answer.headers.emplace_back("Access-Control-Allow-Methods",
                              "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  if (const auto asked = header("access-control-request-headers")) {
    answer.headers.emplace_back("Access-Control-Allow-Headers", *asked);
  }
}

}  // namespace activities
