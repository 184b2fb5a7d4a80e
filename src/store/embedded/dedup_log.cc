// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/dedup_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "base/log.h"

namespace skep {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLogs = "deduplication_logs";

Error FileError(const fs::path& path, const std::string& why) {
  return {Code::kUnavailable, "the store's folder cannot be used", path.string() + ": " + why};
}

// PARTITION_FIRST_LAST_LEVEL, perhaps with _MUTATION behind.
struct Part {
  std::string partition;
  uint64_t first = 0;
  uint64_t last = 0;

  static std::optional<Part> Parse(std::string_view name) {
    const size_t underline = name.find('_');
    if (underline == std::string_view::npos) return std::nullopt;
    Part part;
    part.partition = name.substr(0, underline);
    const char* end = name.data() + name.size();
    auto read = std::from_chars(name.data() + underline + 1, end, part.first);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '_') return std::nullopt;
    read = std::from_chars(read.ptr + 1, end, part.last);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '_') return std::nullopt;
    return part;
  }
  bool Covers(const Part& other) const {
    return partition == other.partition && first <= other.first && other.last <= last;
  }
};

bool IsKnown(const Part& part, const std::vector<Part>& parts) {
  for (const Part& present : parts)
    if (present.Covers(part)) return true;
  return false;
}

Status WriteWhole(const fs::path& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return FileError(path, std::strerror(errno));
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written <= 0) break;
    text.remove_prefix(static_cast<size_t>(written));
  }
  const bool synced = text.empty() && ::fsync(file) == 0;
  const std::string why = std::strerror(errno);
  ::close(file);
  if (!synced) return FileError(path, why);
  return {};
}

Status RepairLog(const fs::path& path, const std::vector<std::string>& directories) {
  std::ifstream file(path, std::ios::binary);
  const std::string log{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return FileError(path, "cannot be read");
  const std::string known = KnownInsertions(log, directories);
  if (known == log) return {};
  Log(LogLevel::kWarn, "store", "an insert was cut short by a crash: it is forgotten file={}",
      path.string());
  const fs::path repaired = path.string() + ".repaired";
  SKEP_TRY(WriteWhole(repaired, known));
  std::error_code failed;
  fs::rename(repaired, path, failed);
  if (failed) return FileError(path, failed.message());
  return {};
}

Status RepairTable(const fs::path& logs) {
  std::error_code failed;
  std::vector<std::string> directories;
  for (fs::directory_iterator at(logs.parent_path(), failed), end; !failed && at != end;
       at.increment(failed))
    if (at->is_directory(failed)) directories.push_back(at->path().filename());
  if (failed) return FileError(logs, failed.message());
  for (fs::directory_iterator at(logs, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".txt") SKEP_TRY(RepairLog(at->path(), directories));
  if (failed) return FileError(logs, failed.message());
  return {};
}

}  // namespace

std::string KnownInsertions(std::string_view log, const std::vector<std::string>& directories) {
  std::vector<Part> parts;
  for (const std::string& directory : directories)
    if (auto part = Part::Parse(directory)) parts.push_back(std::move(*part));
  std::string known;
  for (size_t end = log.find('\n'); end != std::string_view::npos; end = log.find('\n')) {
    const std::string_view line = log.substr(0, end + 1);
    log.remove_prefix(end + 1);
    const size_t tab = line.find('\t');
    const bool inserts = line.substr(0, tab) == "1";
    const auto part =
        tab == std::string_view::npos ? std::nullopt : Part::Parse(line.substr(tab + 1));
    // Other kinds of lines are the engine's affair.
    if (!inserts || !part || IsKnown(*part, parts)) known += line;
  }
  return known;
}

Status RepairDedupLogs(const std::string& engine_directory) {
  std::error_code failed;
  const fs::path tables = fs::path(engine_directory) / "store";
  if (!fs::exists(tables, failed)) return {};
  // store/012/01234567-.../deduplication_logs
  for (fs::recursive_directory_iterator at(tables, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at.depth() == 2) {
      at.disable_recursion_pending();
      if (at->path().filename() == kLogs) SKEP_TRY(RepairTable(at->path()));
    }
  }
  if (failed) return FileError(tables, failed.message());
  return {};
}

Status SyncDedupLog(const std::string& table_directory) {
  std::error_code failed;
  const fs::path logs = fs::path(table_directory) / kLogs;
  for (fs::directory_iterator at(logs, failed), end; !failed && at != end; at.increment(failed)) {
    const int file = ::open(at->path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;  // rotated away meanwhile
    const bool synced = ::fdatasync(file) == 0;
    const std::string why = std::strerror(errno);
    ::close(file);
    if (!synced) return FileError(at->path(), why);
  }
  if (failed) return FileError(logs, failed.message());
  return {};
}

}  // namespace skep
