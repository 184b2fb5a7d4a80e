// SPDX-License-Identifier: Apache-2.0
#include "core/trace_state.h"

#include <algorithm>
#include <vector>

#include "core/header_text.h"

namespace skep::sdk {
namespace {

constexpr size_t kMembersMax = 32;
constexpr size_t kCharactersMax = 512;
constexpr size_t kLongMember = 128;
constexpr size_t kKeyMax = 256;
constexpr size_t kValueMax = 256;
constexpr size_t kRandomMax = 14;  // digits of rv

bool LowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// simple-key or tenant@system; the second edition lets both begin with a digit.
bool IsKey(std::string_view key) {
  if (key.empty() || key.size() > kKeyMax || !LowerOrDigit(key.front())) return false;
  const size_t at = key.find('@');
  if (at != std::string_view::npos) {
    const std::string_view system = key.substr(at + 1);
    if (at > 241 || system.empty() || system.size() > 14 || !LowerOrDigit(system.front()) ||
        system.find('@') != std::string_view::npos) {
      return false;
    }
  }
  return std::ranges::all_of(key, [](char c) {
    return LowerOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
  });
}

bool IsValue(std::string_view value) {
  return !value.empty() && value.size() <= kValueMax && value.back() != ' ' &&
         std::ranges::all_of(value,
                             [](char c) { return c >= 0x20 && c <= 0x7E && c != ',' && c != '='; });
}

bool IsMember(std::string_view member) {
  const size_t equals = member.find('=');
  return equals != std::string_view::npos && IsKey(member.substr(0, equals)) &&
         IsValue(member.substr(equals + 1));
}

std::string Join(const std::vector<std::string_view>& members) {
  std::string joined;
  for (const std::string_view member : members) {
    if (!joined.empty()) joined += ',';
    joined += member;
  }
  return joined;
}

size_t JoinedSize(const std::vector<std::string_view>& members) {
  size_t size = members.empty() ? 0 : members.size() - 1;
  for (const std::string_view member : members) size += member.size();
  return size;
}

// Takes members out until the rest fits, but never the first `kept`.
void CutToSize(std::vector<std::string_view>& members, size_t kept) {
  for (size_t i = members.size(); i-- > kept && JoinedSize(members) > kCharactersMax;) {
    if (members[i].size() > kLongMember) members.erase(members.begin() + static_cast<ptrdiff_t>(i));
  }
  while (JoinedSize(members) > kCharactersMax && members.size() > kept) members.pop_back();
}

std::string_view OtMember(std::string_view trace_state) {
  std::string_view found;
  Split(trace_state, ',', [&found](std::string_view member) {
    member = TrimBlanks(member);
    if (found.empty() && member.starts_with("ot=")) found = member.substr(3);
  });
  return found;
}

}  // namespace

std::string CheckedTraceState(std::string_view header) {
  std::vector<std::string_view> members;
  bool good = true;
  Split(header, ',', [&](std::string_view member) {
    member = TrimBlanks(member);
    if (member.empty() || !good) return;
    good = IsMember(member) && members.size() < kMembersMax;
    members.push_back(member);
  });
  if (!good) return {};
  CutToSize(members, 0);
  return Join(members);
}

std::string_view OtField(std::string_view trace_state, std::string_view name) {
  std::string_view found;
  Split(OtMember(trace_state), ';', [&](std::string_view field) {
    if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == ':') {
      found = field.substr(name.size() + 1);
    }
  });
  return found;
}

std::string WithThreshold(std::string_view trace_state, std::string_view threshold) {
  std::string ot;
  const auto add = [&ot](std::string_view name, std::string_view value) {
    ot += (ot.empty() ? "" : ";") + std::string(name) + ":" + std::string(value);
  };
  if (!threshold.empty()) add("th", threshold);
  Split(OtMember(trace_state), ';', [&ot](std::string_view field) {
    if (field.empty() || field.starts_with("th:")) return;
    if (!ot.empty()) ot += ';';
    ot += field;
  });
  while (ot.ends_with(' ')) ot.pop_back();
  if (ot.size() > kValueMax) {
    // No room for the fields of others: what the standard has is more useful.
    const std::string random(OtField(trace_state, "rv"));
    ot.clear();
    if (!threshold.empty()) add("th", threshold);
    if (!random.empty() && random.size() <= kRandomMax) add("rv", random);
  }
  std::vector<std::string_view> members;
  const std::string member = "ot=" + ot;
  if (!ot.empty()) members.push_back(member);
  Split(trace_state, ',', [&members](std::string_view other) {
    other = TrimBlanks(other);
    if (!other.empty() && !other.starts_with("ot=") && members.size() < kMembersMax) {
      members.push_back(other);
    }
  });
  CutToSize(members, ot.empty() ? 0 : 1);
  return Join(members);
}

}  // namespace skep::sdk
