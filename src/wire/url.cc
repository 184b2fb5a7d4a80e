// SPDX-License-Identifier: Apache-2.0
#include "wire/url.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hex.h"

namespace skep {
namespace {

constexpr size_t kTargetBytesMax = 1u << 20;  // servers have smaller limits of their own

// RFC 3986 lets no control character, space or character beyond ASCII stand unescaped. Other marks
// that it forbids are sent by real clients (`|`, `"`) and do no harm here.
bool IsTargetByte(char c) { return c > ' ' && c < 0x7f; }

// The length of `http://` or `https://` in front, in any case; 0 without.
size_t SchemeLength(std::string_view target) {
  for (const std::string_view scheme :
       {std::string_view("http://"), std::string_view("https://")}) {
    if (EqualsIgnoringCase(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

// The value of the escape at `text[at]`, -1 if it is broken.
int EscapeAt(std::string_view text, size_t at) {
  if (at + 2 >= text.size()) return -1;
  const int high = HexDigit(text[at + 1]);
  const int low = HexDigit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

// Takes the next `name=value` from the front of `rest`.
std::pair<std::string_view, std::string_view> NextParameter(std::string_view* rest) {
  const size_t end = rest->find('&');
  const std::string_view pair = rest->substr(0, end);
  *rest = end == std::string_view::npos ? std::string_view() : rest->substr(end + 1);
  const size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {pair, {}};
  return {pair.substr(0, equals), pair.substr(equals + 1)};
}

}  // namespace

Result<RequestTarget> ParseRequestTarget(std::string_view target) {
  if (target.empty() || target.size() > kTargetBytesMax ||
      !std::all_of(target.begin(), target.end(), IsTargetByte))
    return Error(Code::kInvalidArgument, "the request target is malformed");
  RequestTarget parts;
  if (target == "*") {
    parts.path = "*";
    return parts;
  }
  if (const size_t scheme = SchemeLength(target); scheme != 0) {
    target.remove_prefix(scheme);
    const size_t end = std::min(target.find_first_of("/?#"), target.size());
    if (end == 0) return Error(Code::kInvalidArgument, "the request target has no host");
    parts.authority = target.substr(0, end);
    target.remove_prefix(end);
  } else if (target.front() != '/') {
    return Error(Code::kInvalidArgument, "the request target is malformed");
  }
  target = target.substr(0, target.find('#'));
  const size_t question = target.find('?');
  parts.path = target.substr(0, question);
  if (parts.path.empty()) parts.path = "/";
  if (question != std::string_view::npos) parts.query = target.substr(question + 1);
  return parts;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const int value = EscapeAt(text, i);
    if (value < 0) return std::nullopt;
    out.push_back(static_cast<char>(value));
    i += 2;
  }
  return out;
}

std::string PercentEncode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (IsAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<uint8_t>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

std::string DecodeQueryText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const int value = text[i] == '%' ? EscapeAt(text, i) : -1;
    if (value >= 0) {
      out.push_back(static_cast<char>(value));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

Result<QueryParameters> ParseQuery(std::string_view query, size_t parameters_max) {
  QueryParameters parameters;
  while (!query.empty()) {
    const auto [name, value] = NextParameter(&query);
    if (name.empty() && value.empty()) continue;
    if (parameters.size() == parameters_max)
      return Error(Code::kInvalidArgument, "the query has too many parameters");
    parameters.emplace_back(DecodeQueryText(name), DecodeQueryText(value));
  }
  return parameters;
}

std::optional<std::string> FindQueryParameter(std::string_view query, std::string_view wanted) {
  while (!query.empty()) {
    const auto [name, value] = NextParameter(&query);
    if (name == wanted || DecodeQueryText(name) == wanted) return DecodeQueryText(value);
  }
  return std::nullopt;
}

}  // namespace skep
