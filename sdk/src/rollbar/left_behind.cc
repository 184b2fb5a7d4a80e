// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "rollbar/crash_handlers.h"

namespace skep::sdk::rollbar {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFilesMax = 100;
constexpr size_t kFileBytesMax = 1 << 20;

// "crash-PID-TIME.part" of a process that was killed while it wrote it: there will not be more of
// it.
bool IsAbandoned(const std::string& name) {
  int pid = 0;
  const size_t start = std::string("crash-").size();
  if (name.size() <= start || !name.ends_with(".part")) return false;
  std::from_chars(name.data() + start, name.data() + name.size(), pid);
  return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

std::string ReadFront(const std::string& path) {
  std::string text;
  const int fd = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return text;
  text.resize(kFileBytesMax);
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  close(fd);
  text.resize(size);
  return text;
}

}  // namespace

std::vector<LeftBehind> FindLeftBehind(const std::string& folder, size_t files_max) {
  std::vector<std::pair<int64_t, std::string>> found;  // by time
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!name.starts_with("crash-")) continue;
    if (!name.ends_with(".note") && !name.ends_with(".json") && !IsAbandoned(name)) continue;
    struct stat status{};
    if (lstat(entry->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    found.emplace_back(status.st_mtime, entry->path());
  }
  std::sort(found.begin(), found.end());
  while (found.size() > kFilesMax) {
    unlink(found.back()
               .second.c_str());  // the first ones of a crash loop say as much as the last ones
    found.pop_back();
  }
  if (found.size() > files_max) found.resize(files_max);
  std::vector<LeftBehind> left;
  for (const auto& [time, path] : found) left.push_back({path, ReadFront(path)});
  return left;
}

bool WriteWhole(const std::string& path, std::string_view text) {
  const std::string part = path + ".new";
  const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  bool whole = true;
  while (whole && !text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    whole = written > 0;
    if (whole) text.remove_prefix(static_cast<size_t>(written));
  }
  close(fd);
  if (whole && rename(part.c_str(), path.c_str()) == 0) return true;
  unlink(part.c_str());
  return false;
}

}  // namespace skep::sdk::rollbar
