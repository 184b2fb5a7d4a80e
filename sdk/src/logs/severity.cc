// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/logger.h"

namespace skep::sdk {

std::string_view SeverityText(Severity severity) {
  const auto number = static_cast<uint8_t>(severity);
  if (number >= 21) return "FATAL";
  if (number >= 17) return "ERROR";
  if (number >= 13) return "WARN";
  if (number >= 9) return "INFO";
  return number >= 5 ? "DEBUG" : "TRACE";
}

}  // namespace skep::sdk
