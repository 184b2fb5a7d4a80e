// SPDX-License-Identifier: Apache-2.0
// JSON of the requests and the answers. Pure; bytes that are not JSON are an empty body.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity.h"

namespace activities {

// The text members of a body that is an object; members of other types are left out.
using Fields = std::map<std::string, std::string, std::less<>>;
Fields ReadFields(std::string_view body);
std::optional<std::string> Find(const Fields& fields, std::string_view name);

std::string ToJson(const Activity& activity, const std::vector<Activity>* replies = nullptr);
std::string ToJson(const std::vector<Activity>& activities);
std::string ToJson(const Message& message);
std::string ToJson(const std::vector<Message>& messages);
std::string ToJson(const std::vector<MessageGroup>& groups);
std::string ToJson(const std::vector<std::string_view>& texts);

}  // namespace activities
