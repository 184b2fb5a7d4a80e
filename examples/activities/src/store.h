// SPDX-License-Identifier: Apache-2.0
// Store: the activities and messages, in memory. Bounded: the oldest make room. Starts with a few
// that are there after every start. Thread-safe. What has expired is not shown.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity.h"

namespace activities {

class Store {
 public:
  static constexpr size_t kActivitiesMax = 1000;
  static constexpr size_t kMessagesMax = 1000;
  static constexpr size_t kListMax = 20;  // what a list shows at most, newest first

  explicit Store(Time now);

  std::vector<Activity> Home(Time now) const;  // replies left out
  std::vector<Activity> OfUser(std::string_view handle, Time now) const;
  // What others answered to `handle`.
  std::vector<Activity> Notifications(std::string_view handle, Time now) const;
  // Those with `term` in the message or the handle, without regard to the case of ASCII letters.
  std::vector<Activity> Search(std::string_view term, Time now) const;
  std::optional<Activity> Find(std::string_view uuid, Time now) const;
  std::vector<Activity> RepliesTo(std::string_view uuid, Time now) const;

  // Gives it a uuid. With reply_to it counts as a reply there; false: there is no such activity.
  bool Add(Activity& activity, Time now);

  std::vector<MessageGroup> MessageGroups(std::string_view handle) const;
  std::vector<Message> Conversation(std::string_view handle, std::string_view other) const;
  void Add(Message& message);

 private:
  template <typename Wanted>
  std::vector<Activity> List(Time now, Wanted wanted) const;

  mutable std::mutex mutex_;         // guards both
  std::deque<Activity> activities_;  // oldest first
  std::deque<Message> messages_;     // oldest first
};

}  // namespace activities
