// SPDX-License-Identifier: Apache-2.0
#include "aws/profile.h"

#include <algorithm>
#include <cctype>
#include <fstream>

#include "aws/environment.h"

namespace skep::sdk::aws {
namespace {

constexpr size_t kFileBytesMax = 1 << 20;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// A comment begins with # or ; at the front of a line, or behind a blank.
std::string_view WithoutComment(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    const bool mark = line[i] == '#' || line[i] == ';';
    if (mark && (i == 0 || IsBlank(line[i - 1]))) return line.substr(0, i);
  }
  return line;
}

// Whether "[...]" begins the profile: the text between the brackets.
bool Begins(std::string_view section, ProfileFile file, std::string_view name) {
  section = Trim(section);
  constexpr std::string_view kWord = "profile";
  const bool has_word =
      section.starts_with(kWord) && section.size() > kWord.size() && IsBlank(section[kWord.size()]);
  if (file == ProfileFile::kConfig) {
    if (has_word) return Trim(section.substr(kWord.size())) == name;
    return section == "default" && name == "default";
  }
  return section == name;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char part[4096];
  while (file && text.size() < kFileBytesMax) {
    file.read(part, sizeof part);
    text.append(part, static_cast<size_t>(file.gcount()));
  }
  return text;
}

std::string PathOf(const char* variable, const char* in_home) {
  std::string path = Env(variable);
  if (path.empty()) path = std::string("~/.aws/") + in_home;
  return path.starts_with("~/") ? Env("HOME") + path.substr(1) : path;
}

}  // namespace

void ReadProfile(std::string_view text, ProfileFile file, std::string_view name, Profile& profile) {
  bool inside = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = WithoutComment(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[')) {
      const size_t close = line.find(']');
      inside = close != std::string_view::npos && Begins(line.substr(1, close - 1), file, name);
      continue;
    }
    const size_t equals = line.find('=');
    if (!inside || equals == std::string_view::npos || IsBlank(line.front())) continue;
    profile[Lower(Trim(line.substr(0, equals)))] = Trim(line.substr(equals + 1));
  }
}

std::string ProfileName() {
  std::string name = Env("AWS_PROFILE");
  if (name.empty()) name = Env("AWS_DEFAULT_PROFILE");
  return name.empty() ? "default" : name;
}

Profile LoadProfile() {
  Profile profile;
  const std::string name = ProfileName();
  ReadProfile(ReadFile(PathOf("AWS_CONFIG_FILE", "config")), ProfileFile::kConfig, name, profile);
  ReadProfile(ReadFile(PathOf("AWS_SHARED_CREDENTIALS_FILE", "credentials")),
              ProfileFile::kCredentials, name, profile);
  return profile;
}

std::string_view Setting(const Profile& profile, std::string_view name) {
  const auto found = profile.find(name);
  return found == profile.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace skep::sdk::aws
