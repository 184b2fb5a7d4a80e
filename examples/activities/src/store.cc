// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace activities {
namespace {

using std::chrono::hours;

struct Seed {
  const char* uuid;
  const char* handle;
  const char* display_name;
  const char* message;
  int days_old;
};

constexpr std::array kSeeds{
    Seed{"00000000-0000-0000-0000-000000000003", "garek", "Garek", "My dear doctor", 2},
    Seed{"00000000-0000-0000-0000-000000000002", "worf", "Worf", "I am out of prune juice", 1},
    Seed{"00000000-0000-0000-0000-000000000001", "andrewbrown", "Andrew Brown", "Cloud is fun!", 0},
};

bool SameLetter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool Contains(std::string_view text, std::string_view term) {
  return std::search(text.begin(), text.end(), term.begin(), term.end(), SameLetter) != text.end();
}

}  // namespace

Store::Store(Time now) {
  for (const Seed& seed : kSeeds) {
    activities_.push_back({.uuid = seed.uuid,
                           .handle = seed.handle,
                           .display_name = seed.display_name,
                           .message = seed.message,
                           .created_at = now - hours(24 * seed.days_old),
                           .expires_at = now + hours(24 * 365),
                           .reply_to = {},
                           .likes_count = 5,
                           .replies_count = 0,
                           .reposts_count = 0});
  }
  activities_.push_back({.uuid = "00000000-0000-0000-0000-000000000004",
                         .handle = "worf",
                         .display_name = "Worf",
                         .message = "This post has no honour!",
                         .created_at = now,
                         .expires_at = now + hours(24 * 365),
                         .reply_to = "00000000-0000-0000-0000-000000000001",
                         .likes_count = 0,
                         .replies_count = 0,
                         .reposts_count = 0});
  activities_[2].replies_count = 1;
  messages_.push_back({"00000000-0000-0000-0000-000000000005", "worf", "andrewbrown",
                       "Have you seen my prune juice?", now - hours(1)});
  messages_.push_back({"00000000-0000-0000-0000-000000000006", "andrewbrown", "worf",
                       "It is in the replicator.", now});
}

template <typename Wanted>
std::vector<Activity> Store::List(Time now, Wanted wanted) const {
  std::vector<Activity> list;
  const std::lock_guard lock(mutex_);
  for (auto it = activities_.rbegin(); it != activities_.rend() && list.size() < kListMax; ++it) {
    if (it->expires_at > now && wanted(*it)) list.push_back(*it);
  }
  return list;
}

std::vector<Activity> Store::Home(Time now) const {
  return List(now, [](const Activity& activity) { return activity.reply_to.empty(); });
}

std::vector<Activity> Store::OfUser(std::string_view handle, Time now) const {
  return List(now, [&](const Activity& activity) { return activity.handle == handle; });
}

std::vector<Activity> Store::Notifications(std::string_view handle, Time now) const {
  const auto is_theirs = [&](std::string_view uuid) {
    return std::any_of(activities_.begin(), activities_.end(), [&](const Activity& activity) {
      return activity.uuid == uuid && activity.handle == handle;
    });
  };
  return List(now, [&](const Activity& activity) {
    return !activity.reply_to.empty() && activity.handle != handle && is_theirs(activity.reply_to);
  });
}

std::vector<Activity> Store::Search(std::string_view term, Time now) const {
  return List(now, [&](const Activity& activity) {
    return Contains(activity.message, term) || Contains(activity.handle, term);
  });
}

std::vector<Activity> Store::RepliesTo(std::string_view uuid, Time now) const {
  return List(now, [&](const Activity& activity) { return activity.reply_to == uuid; });
}

std::optional<Activity> Store::Find(std::string_view uuid, Time now) const {
  std::vector<Activity> found =
      List(now, [&](const Activity& activity) { return activity.uuid == uuid; });
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool Store::Add(Activity& activity, Time now) {
  activity.uuid = NewUuid();
  const std::lock_guard lock(mutex_);
  if (!activity.reply_to.empty()) {
    const auto parent =
        std::find_if(activities_.begin(), activities_.end(), [&](const Activity& other) {
          return other.uuid == activity.reply_to && other.expires_at > now;
        });
    if (parent == activities_.end()) return false;
    ++parent->replies_count;
  }
  if (activities_.size() == kActivitiesMax) activities_.pop_front();
  activities_.push_back(activity);
  return true;
}

std::vector<MessageGroup> Store::MessageGroups(std::string_view handle) const {
  std::vector<MessageGroup> groups;
  const std::lock_guard lock(mutex_);
  for (auto it = messages_.rbegin(); it != messages_.rend() && groups.size() < kListMax; ++it) {
    if (it->from != handle && it->to != handle) continue;
    const std::string& other = it->from == handle ? it->to : it->from;
    const bool known = std::any_of(groups.begin(), groups.end(), [&](const MessageGroup& group) {
      return group.handle == other;
    });
    if (!known) groups.push_back({other, *it});
  }
  return groups;
}

std::vector<Message> Store::Conversation(std::string_view handle, std::string_view other) const {
  std::vector<Message> messages;
  const std::lock_guard lock(mutex_);
  for (auto it = messages_.rbegin(); it != messages_.rend() && messages.size() < kListMax; ++it) {
    if ((it->from == handle && it->to == other) || (it->from == other && it->to == handle)) {
      messages.push_back(*it);
    }
  }
  return messages;
}

void Store::Add(Message& message) {
  message.uuid = NewUuid();
  const std::lock_guard lock(mutex_);
  if (messages_.size() == kMessagesMax) messages_.pop_front();
  messages_.push_back(message);
}

}  // namespace activities
