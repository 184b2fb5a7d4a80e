// SPDX-License-Identifier: Apache-2.0
#include "setup/environment.h"

#include <strings.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "core/header_text.h"
#include "core/percent.h"
#include "skep/sdk/diagnostics.h"

namespace skep::sdk {

void EnvironmentReader::Complain(const char* name, const std::string& value,
                                 const std::string& what, const std::string& instead) {
  Diagnose(DiagnosticLevel::kWarn,
           std::string(name) + "=" + value + " is " + what + "; using " + instead);
}

std::string EnvironmentReader::Text(const char* name) const {
  const std::optional<std::string> value = get_(name);
  return value ? std::string(TrimBlanks(*value)) : std::string();
}

std::string EnvironmentReader::FirstText(std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    std::string value = Text(name);
    if (!value.empty()) return value;
  }
  return {};
}

bool EnvironmentReader::Truth(const char* name, bool otherwise) const {
  const std::string text = Text(name);
  if (text.empty()) return otherwise;
  if (strcasecmp(text.c_str(), "true") == 0) return true;
  if (strcasecmp(text.c_str(), "false") == 0) return false;
  Complain(name, text, "neither true nor false", otherwise ? "true" : "false");
  return otherwise;
}

uint64_t EnvironmentReader::Number(const char* name, uint64_t otherwise, uint64_t min,
                                   uint64_t max) const {
  const std::string text = Text(name);
  if (text.empty()) return otherwise;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= min && value <= max) {
    return value;
  }
  Complain(name, text, "no number from " + std::to_string(min) + " to " + std::to_string(max),
           otherwise == 0 ? "the default" : std::to_string(otherwise));
  return otherwise;
}

double EnvironmentReader::Ratio(const char* name, double otherwise) const {
  const std::string text = Text(name);
  if (text.empty()) return otherwise;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 1) {
    return value;
  }
  Complain(name, text, "no number from 0 to 1", std::to_string(otherwise));
  return otherwise;
}

std::chrono::milliseconds EnvironmentReader::Millis(const char* name,
                                                    std::chrono::milliseconds otherwise) const {
  constexpr uint64_t kDayMs = 86'400'000;
  return std::chrono::milliseconds(
      Number(name, static_cast<uint64_t>(otherwise.count()), 1, kDayMs));
}

std::vector<std::string> EnvironmentReader::List(const char* name) const {
  std::vector<std::string> list;
  Split(Text(name), ',', [&list](std::string_view part) {
    const std::string_view item = TrimBlanks(part);
    if (!item.empty()) list.emplace_back(item);
  });
  return list;
}

std::vector<std::pair<std::string, std::string>> EnvironmentReader::Headers(
    const char* name) const {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const std::string& pair : List(name)) {
    const size_t equals = pair.find('=');
    std::string key(TrimBlanks(std::string_view(pair).substr(0, equals)));
    if (equals == std::string::npos || key.empty()) {
      // Without the value: it may be a key that is nobody's business.
      Diagnose(DiagnosticLevel::kWarn,
               std::string(name) + " has a part that is not KEY=VALUE; it is left out");
      continue;
    }
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    headers.emplace_back(std::move(key),
                         PercentDecode(TrimBlanks(std::string_view(pair).substr(equals + 1))));
  }
  return headers;
}

}  // namespace skep::sdk
