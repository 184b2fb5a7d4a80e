// SPDX-License-Identifier: Apache-2.0
#include "cloudwatch/sigv4.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include "core/percent.h"

namespace skep::sdk::cloudwatch {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
using Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

const uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

std::string Hex(const Digest& digest) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : digest) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

std::string HexSha256(std::string_view text) {
  Digest digest{};
  SHA256(Bytes(text), text.size(), digest.data());
  return Hex(digest);
}

Digest HmacSha256(std::string_view key, std::string_view text) {
  Digest digest{};
  unsigned int size = digest.size();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
       digest.data(), &size);
  return digest;
}

std::string_view View(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool IsPlain(char c) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  return kPlain.find(c) != std::string_view::npos;
}

bool IsPlainInPath(char c) { return c == '/' || IsPlain(c); }

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Without blanks at its ends, and with one where there were several.
std::string Trimmed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Lower-case names in order; the values of one name joined by commas, as they came.
std::map<std::string, std::string> CanonicalHeaders(const RequestToSign& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    const auto [at, added] = headers.emplace(LowerCase(name), Trimmed(value));
    if (!added) at->second += "," + Trimmed(value);
  }
  return headers;
}

std::string SignedHeaders(const RequestToSign& request) {
  std::string names;
  for (const auto& [name, value] : CanonicalHeaders(request)) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

std::string CanonicalQuery(const RequestToSign& request) {
  std::vector<std::pair<std::string, std::string>> query;
  for (const auto& [name, value] : request.query) {
    query.emplace_back(PercentEncode(name, IsPlain), PercentEncode(value, IsPlain));
  }
  std::sort(query.begin(), query.end());
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text += name;
    text += '=';
    text += value;
  }
  return text;
}

std::string CredentialScope(const SigningScope& scope) {
  return AmzDate(scope.unix_seconds).substr(0, 8) + "/" + scope.region + "/" + scope.service +
         "/aws4_request";
}

}  // namespace

std::string AmzDate(int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

std::string CanonicalRequest(const RequestToSign& request) {
  std::string text = request.method + "\n" + PercentEncode(request.path, IsPlainInPath) + "\n" +
                     CanonicalQuery(request) + "\n";
  for (const auto& [name, value] : CanonicalHeaders(request)) {
    text += name;
    text += ':';
    text += value;
    text += '\n';
  }
  return text + "\n" + SignedHeaders(request) + "\n" + HexSha256(request.body);
}

std::string StringToSign(std::string_view canonical_request, const SigningScope& scope) {
  return std::string(kAlgorithm) + "\n" + AmzDate(scope.unix_seconds) + "\n" +
         CredentialScope(scope) + "\n" + HexSha256(canonical_request);
}

std::string Authorization(const RequestToSign& request, const Credentials& credentials,
                          const SigningScope& scope) {
  const Digest date =
      HmacSha256("AWS4" + credentials.secret_access_key, AmzDate(scope.unix_seconds).substr(0, 8));
  const Digest region = HmacSha256(View(date), scope.region);
  const Digest service = HmacSha256(View(region), scope.service);
  const Digest key = HmacSha256(View(service), "aws4_request");
  const Digest signature = HmacSha256(View(key), StringToSign(CanonicalRequest(request), scope));
  return std::string(kAlgorithm) + " Credential=" + credentials.access_key_id + "/" +
         CredentialScope(scope) + ", SignedHeaders=" + SignedHeaders(request) +
         ", Signature=" + Hex(signature);
}

}  // namespace skep::sdk::cloudwatch
