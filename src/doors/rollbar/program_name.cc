// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/program_name.h"

#include <algorithm>

namespace skep::rollbar {
namespace {

// Parts that deployment tools add below the program's own folder.
bool SaysNothing(std::string_view part) {
  if (part.empty() || part == "." || part == "current" || part == "releases" || part == "release")
    return true;
  return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What follows `scheme://`; empty if there is none.
std::string_view AfterScheme(std::string_view url) {
  const size_t at = url.find("://");
  return at == std::string_view::npos ? std::string_view() : url.substr(at + 3);
}

}  // namespace

std::string_view ProgramNameOf(std::string_view root) {
  while (!root.empty()) {
    const size_t slash = root.find_last_of("/\\");
    const std::string_view part = slash == std::string_view::npos ? root : root.substr(slash + 1);
    if (!SaysNothing(part) && !part.ends_with(':')) return part;
    if (slash == std::string_view::npos) return {};
    root = root.substr(0, slash);
  }
  return {};
}

std::string_view HostOf(std::string_view url) {
  std::string_view host = AfterScheme(url);
  host = host.substr(0, host.find_first_of("/?#"));
  const size_t user = host.rfind('@');
  if (user != std::string_view::npos) host.remove_prefix(user + 1);
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
  return host.substr(0, host.find(':'));
}

std::string_view PathOf(std::string_view url) {
  std::string_view path = AfterScheme(url);
  if (path.empty()) path = url;  // relative, as some frameworks give it
  const size_t slash = path.find_first_of("/?#");
  if (slash == std::string_view::npos || path[slash] != '/') return {};
  path.remove_prefix(slash);
  return path.substr(0, path.find_first_of("?#"));
}

}  // namespace skep::rollbar
