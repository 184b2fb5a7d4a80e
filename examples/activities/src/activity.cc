// SPDX-License-Identifier: Apache-2.0
#include "activity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <utility>

namespace activities {
namespace {

using std::chrono::hours;

constexpr std::array<std::pair<std::string_view, hours>, 7> kTimesToLive{
    {{"30-days", hours(30 * 24)},
     {"7-days", hours(7 * 24)},
     {"3-days", hours(3 * 24)},
     {"1-day", hours(24)},
     {"12-hours", hours(12)},
     {"3-hours", hours(3)},
     {"1-hour", hours(1)}}};

void RefuseText(std::string_view message, size_t characters_max,
                std::vector<std::string_view>& reasons) {
  if (IsBlank(message)) {
    reasons.push_back("message_blank");
  } else if (CountCharacters(message) > characters_max) {
    reasons.push_back("message_exceed_max_chars");
  }
}

}  // namespace

std::optional<hours> TimeToLive(std::string_view ttl) {
  for (const auto& [word, duration] : kTimesToLive) {
    if (word == ttl) return duration;
  }
  return std::nullopt;
}

size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // all but continuation bytes
  }));
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

std::vector<std::string_view> RefuseActivity(std::string_view user_handle, std::string_view message,
                                             std::string_view ttl) {
  std::vector<std::string_view> reasons = RefuseReply(user_handle, message);
  if (!TimeToLive(ttl)) reasons.push_back("ttl_blank");
  return reasons;
}

std::vector<std::string_view> RefuseReply(std::string_view user_handle, std::string_view message) {
  std::vector<std::string_view> reasons;
  if (IsBlank(user_handle)) reasons.push_back("user_handle_blank");
  RefuseText(message, kActivityCharactersMax, reasons);
  return reasons;
}

std::vector<std::string_view> RefuseMessage(std::string_view user_handle, std::string_view receiver,
                                            std::string_view message) {
  std::vector<std::string_view> reasons;
  if (IsBlank(user_handle)) reasons.push_back("user_handle_blank");
  if (IsBlank(receiver)) reasons.push_back("receiver_handle_blank");
  RefuseText(message, kMessageCharactersMax, reasons);
  return reasons;
}

std::string NewUuid() {
  thread_local std::random_device device;
  std::array<uint32_t, 4> words;
  for (uint32_t& word : words) word = device();
  words[1] = (words[1] & 0xFFFF0FFFU) | 0x4000U;
  words[2] = (words[2] & 0x3FFFFFFFU) | 0x80000000U;
  std::array<char, 37> text;
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16,
                words[1] & 0xFFFFU, words[2] >> 16, words[2] & 0xFFFFU, words[3]);
  return text.data();
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

std::string IsoLocal(Time time) {
  const auto since_epoch = std::chrono::floor<std::chrono::microseconds>(time).time_since_epoch();
  const auto whole_seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::time_t seconds = static_cast<std::time_t>(whole_seconds.count());
  std::tm local{};
  localtime_r(&seconds, &local);
  const long minutes = local.tm_gmtoff / 60;
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06d%c%02ld:%02ld",
                local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min,
                local.tm_sec, static_cast<int>((since_epoch - whole_seconds).count()),
                minutes < 0 ? '-' : '+', std::labs(minutes) / 60, std::labs(minutes) % 60);
  return text.data();
}

}  // namespace activities
