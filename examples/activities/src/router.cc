// SPDX-License-Identifier: Apache-2.0
#include "router.h"

#include <utility>

namespace activities {
namespace {

// What <name> takes of `path`; data() is null where the path is another.
std::string_view Parameter(std::string_view path_template, std::string_view path) {
  const size_t open = path_template.find('<');
  if (open == std::string_view::npos) {
    return path_template == path ? path.substr(path.size()) : std::string_view();
  }
  const std::string_view before = path_template.substr(0, open);
  const std::string_view after = path_template.substr(path_template.find('>') + 1);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after)) {
    return {};
  }
  const std::string_view taken =
      path.substr(before.size(), path.size() - before.size() - after.size());
  return taken.find('/') == std::string_view::npos ? taken : std::string_view();
}

}  // namespace

void Router::Add(std::string_view method, std::string_view path_template, Handler handler) {
  entries_.push_back({std::string(method), std::string(path_template), std::move(handler)});
}

Router::Match Router::Find(std::string_view method, std::string_view path) const {
  Match match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Entry& entry : entries_) {
    // The first template that fits is the path's; other methods of it stand beside it.
    if (match.path_template.empty()) {
      const std::string_view parameter = Parameter(entry.path_template, path);
      if (parameter.data() == nullptr) continue;
      match.path_template = entry.path_template;
      match.parameter = parameter;
    } else if (entry.path_template != match.path_template) {
      continue;
    }
    if (entry.method == wanted) match.handler = &entry.handler;
    match.allow += entry.method + ", ";
    if (entry.method == "GET") match.allow += "HEAD, ";
  }
  if (!match.path_template.empty()) match.allow += "OPTIONS";
  return match;
}

}  // namespace activities
