// SPDX-License-Identifier: Apache-2.0
#include "rollbar/scrubber.h"

#include <algorithm>
#include <array>

namespace skep::sdk::rollbar {
namespace {

constexpr std::array<std::string_view, 28> kNames{"pw",
                                                  "passwd",
                                                  "password",
                                                  "secret",
                                                  "confirmpassword",
                                                  "passwordconfirmation",
                                                  "accesstoken",
                                                  "auth",
                                                  "authentication",
                                                  "authorization",
                                                  "proxyauthorization",
                                                  "token",
                                                  "apikey",
                                                  "xapikey",
                                                  "oauthtoken",
                                                  "csrf",
                                                  "csrftoken",
                                                  "xcsrftoken",
                                                  "cookie",
                                                  "setcookie",
                                                  "xrollbaraccesstoken",
                                                  "xhoneycombteam",
                                                  "xamzsecuritytoken",
                                                  "awssecretaccesskey",
                                                  "creditcard",
                                                  "cardnumber",
                                                  "cvv",
                                                  "privatekey"};

// In lower case, without '-' and '_'.
std::string Plain(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c == '-' || c == '_') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string Decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

template <typename Call>
void ForEachParameter(std::string_view query, Call call) {
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    const size_t equals = parameter.find('=');
    call(parameter.substr(0, equals),
         equals == std::string_view::npos ? "" : parameter.substr(equals + 1),
         equals != std::string_view::npos);
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
  }
}

}  // namespace

Scrubber::Scrubber(const std::vector<std::string>& more_fields)
    : names_(kNames.begin(), kNames.end()) {
  for (const std::string& field : more_fields) names_.insert(Plain(field));
}

bool Scrubber::IsSecret(std::string_view field) const {
  const std::string plain = Plain(field);
  if (names_.contains(plain) || plain.ends_with("token")) return true;
  return plain.find("password") != std::string::npos || plain.find("passwd") != std::string::npos ||
         plain.find("secret") != std::string::npos;
}

std::string Scrubber::Query(std::string_view query) const {
  std::string out;
  ForEachParameter(query, [&](std::string_view name, std::string_view value, bool has_value) {
    if (!out.empty()) out += '&';
    out += name;
    if (!has_value) return;
    out += '=';
    out += IsSecret(Decode(name)) ? kScrubbed : value;
  });
  return out;
}

std::string Scrubber::Url(std::string_view url) const {
  const size_t fragment = std::min(url.find('#'), url.size());
  const size_t query = std::min(url.substr(0, fragment).find('?'), fragment);
  std::string out(url.substr(0, query));
  const size_t scheme = out.find("://");
  if (scheme != std::string::npos) {
    const size_t host = scheme + 3;
    const size_t at = out.substr(0, std::min(out.find('/', host), out.size())).rfind('@');
    const size_t colon = out.find(':', host);
    if (at != std::string::npos && colon < at) out.replace(colon + 1, at - colon - 1, kScrubbed);
  }
  if (query < fragment) out += "?" + Query(url.substr(query + 1, fragment - query - 1));
  return out + std::string(url.substr(fragment));
}

Fields ParseQuery(std::string_view query) {
  Fields fields;
  ForEachParameter(query, [&](std::string_view name, std::string_view value, bool) {
    fields.emplace_back(Decode(name), Decode(value));
  });
  return fields;
}

std::string_view QueryOf(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const size_t query = url.find('?');
  return query == std::string_view::npos ? std::string_view() : url.substr(query + 1);
}

std::string AnonymizedIp(std::string_view ip) {
  if (ip.find('.') != std::string_view::npos && ip.find(':') == std::string_view::npos) {
    return std::string(ip.substr(0, ip.rfind('.'))) + ".0";
  }
  size_t end = 0;
  for (int group = 0; group < 3; ++group) {
    end = ip.find(':', end);
    if (end == std::string_view::npos) return {};
    ++end;
  }
  return std::string(ip.substr(0, end)) + "0000:0000:0000:0000:0000";
}

}  // namespace skep::sdk::rollbar
