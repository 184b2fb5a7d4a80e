// SPDX-License-Identifier: Apache-2.0
#include "xray/json_text.h"

#include <cstdio>

#include "skep/sdk/xray/value.h"

namespace skep::sdk::xray {

void detail::AppendQuoted(std::string& out, std::string_view text) { AppendJsonString(out, text); }

void AppendSeconds(std::string& out, int64_t unix_ns) {
  if (unix_ns < 0) unix_ns = 0;
  char text[40];
  const int length = std::snprintf(text, sizeof text, "%lld.%09lld",
                                   static_cast<long long>(unix_ns / 1'000'000'000),
                                   static_cast<long long>(unix_ns % 1'000'000'000));
  out.append(text, static_cast<size_t>(length));
}

std::string& ObjectText::Key(std::string_view key) {
  if (!first_) out_ += ',';
  first_ = false;
  AppendJsonString(out_, key);
  out_ += ':';
  return out_;
}

}  // namespace skep::sdk::xray
