// SPDX-License-Identifier: Apache-2.0
#include "wire/aws_request_id.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "base/ascii.h"
#include "base/hex.h"

namespace skep {
namespace {

uint64_t Mix(uint64_t x) {  // splitmix64
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

bool IsRegionByte(char c) { return IsLower(c) || IsDigit(c) || c == '-'; }

}  // namespace

std::string AwsRequestId(int64_t time_ns, uint64_t salt) {
  const auto time = static_cast<uint64_t>(time_ns);
  const std::array<uint64_t, 2> words = {Mix(time), Mix(time ^ Mix(salt))};
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), words.data(), bytes.size());
  std::string text;
  AppendHex(bytes.data(), bytes.size(), &text);
  for (const size_t dash : std::initializer_list<size_t>{20, 16, 12, 8}) text.insert(dash, 1, '-');
  return text;
}

std::string_view AwsRegionOf(std::string_view authorization) {
  constexpr std::string_view kScheme = "AWS4-HMAC-SHA256 ";
  constexpr std::string_view kCredential = "Credential=";
  if (!authorization.starts_with(kScheme)) return {};
  const size_t at = authorization.find(kCredential);
  if (at == std::string_view::npos) return {};
  std::string_view scope = authorization.substr(at + kCredential.size());
  scope = scope.substr(0, scope.find_first_of(", "));
  for (int i = 0; i < 2; ++i) {  // key and date
    const size_t slash = scope.find('/');
    if (slash == std::string_view::npos) return {};
    scope.remove_prefix(slash + 1);
  }
  const std::string_view region = scope.substr(0, scope.find('/'));
  if (region.size() == scope.size() || !std::all_of(region.begin(), region.end(), IsRegionByte))
    return {};
  return region;
}

}  // namespace skep
