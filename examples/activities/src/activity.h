// SPDX-License-Identifier: Apache-2.0
// Activity: what a user said, for how long it is shown, and what others answered; Message: the same
// between two. What of a request is refused, and why. Plain values and pure functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace activities {

using Time = std::chrono::system_clock::time_point;

inline constexpr size_t kActivityCharactersMax = 280;
inline constexpr size_t kMessageCharactersMax = 1024;

struct Activity {
  std::string uuid;
  std::string handle;
  std::string display_name;
  std::string message;
  Time created_at;
  Time expires_at;
  std::string reply_to;  // empty: not a reply
  int likes_count = 0;
  int replies_count = 0;
  int reposts_count = 0;
};

struct Message {
  std::string uuid;
  std::string from;
  std::string to;
  std::string message;
  Time created_at;
};

// The last message of a conversation.
struct MessageGroup {
  std::string handle;  // who it is with
  Message last;
};

// "30-days", "7-days", "3-days", "1-day", "12-hours", "3-hours", "1-hour"; nothing for any other
// word.
std::optional<std::chrono::hours> TimeToLive(std::string_view ttl);

// Code points; bytes that are not UTF-8 count one each.
size_t CountCharacters(std::string_view text);
bool IsBlank(std::string_view text);

// Why an activity, a reply or a message is refused: nothing, or reasons such as "message_blank", in
// the order of the fields.
std::vector<std::string_view> RefuseActivity(std::string_view user_handle, std::string_view message,
                                             std::string_view ttl);
std::vector<std::string_view> RefuseReply(std::string_view user_handle, std::string_view message);
std::vector<std::string_view> RefuseMessage(std::string_view user_handle, std::string_view receiver,
                                            std::string_view message);

// A random one (RFC 9562, version 4).
std::string NewUuid();
bool IsUuid(std::string_view text);

// ISO 8601 with microseconds and the local zone: "2026-11-28T22:11:01.762676+05:45".
std::string IsoLocal(Time time);

}  // namespace activities
