// SPDX-License-Identifier: Apache-2.0
#include "ingest/journal_io.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace skep {
namespace {

constexpr size_t kPiecesPerWrite = 1024;  // IOV_MAX of Linux

Error Failed(std::string_view what, const std::string& path, int number) {
  std::string detail = std::string(what) + ' ' + path + ": " +
                       std::error_code(number, std::generic_category()).message();
  if (number == ENOSPC || number == EDQUOT)
    return Error(Code::kResourceExhausted, "the disk is full", std::move(detail));
  if (number == EEXIST) return Error(Code::kAlreadyExists, "the file exists", std::move(detail));
  if (number == ENOENT) return Error(Code::kNotFound, "no such file", std::move(detail));
  return Error(Code::kUnavailable, "the journal cannot be written", std::move(detail));
}

class PosixFile final : public JournalFile {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { ::close(fd_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  Status Append(std::span<const std::string_view> pieces) override {
    std::vector<iovec> vectors;
    vectors.reserve(std::min(pieces.size(), kPiecesPerWrite));
    for (size_t next = 0; next < pieces.size();) {
      vectors.clear();
      for (; next < pieces.size() && vectors.size() < kPiecesPerWrite; ++next)
        vectors.push_back({const_cast<char*>(pieces[next].data()), pieces[next].size()});
      SKEP_TRY(WriteAll(vectors));
    }
    return {};
  }

  Status Sync() override {
    if (::fdatasync(fd_) != 0) return Failed("fdatasync", path_, errno);
    return {};
  }

  Status Truncate(uint64_t size) override {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return Failed("truncate", path_, errno);
    return {};
  }

 private:
  Status WriteAll(std::vector<iovec>& vectors) {
    for (size_t at = 0; at < vectors.size();) {
      const ssize_t n = ::writev(fd_, &vectors[at], static_cast<int>(vectors.size() - at));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("write", path_, errno);
      auto left = static_cast<size_t>(n);
      while (at < vectors.size() && left >= vectors[at].iov_len) left -= vectors[at++].iov_len;
      if (left > 0) {
        vectors[at].iov_base = static_cast<char*>(vectors[at].iov_base) + left;
        vectors[at].iov_len -= left;
      }
    }
    return {};
  }

  const int fd_;
  const std::string path_;
};

class PosixJournalIo final : public JournalIo {
 public:
  Status MakeDirectory(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return Failed("mkdir", path, error.value());
    return {};
  }

  Result<std::vector<std::string>> List(const std::string& directory) override {
    DIR* dir = ::opendir(directory.c_str());
    if (dir == nullptr) return Failed("opendir", directory, errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(dir)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    const int number = errno;
    ::closedir(dir);
    if (number != 0) return Failed("readdir", directory, number);
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<Bytes> Read(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Failed("open", path, errno);
    const PosixFile closer(fd, path);
    struct stat info{};
    if (::fstat(fd, &info) != 0) return Failed("stat", path, errno);
    Bytes bytes;
    bytes.ResizeUninitialized(static_cast<size_t>(info.st_size));
    size_t have = 0;
    while (have < bytes.size()) {
      const ssize_t n = ::read(fd, bytes.data() + have, bytes.size() - have);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("read", path, errno);
      if (n == 0) break;
      have += static_cast<size_t>(n);
    }
    bytes.ResizeUninitialized(have);
    return bytes;
  }

  Result<std::unique_ptr<JournalFile>> Create(const std::string& path) override {
    return Open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
  }

  Result<std::unique_ptr<JournalFile>> OpenExisting(const std::string& path) override {
    return Open(path, O_WRONLY | O_APPEND);
  }

  Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Failed("unlink", path, errno);
    return {};
  }

  Status SyncDirectory(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return Failed("open", path, errno);
    const PosixFile closer(fd, path);
    if (::fsync(fd) != 0) return Failed("fsync", path, errno);
    return {};
  }

  Result<std::unique_ptr<JournalFile>> Lock(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return Failed("open", path, errno);
    auto file = std::make_unique<PosixFile>(fd, path);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
      return Error(Code::kFailedPrecondition, "another process uses the journal", path);
    return std::unique_ptr<JournalFile>(std::move(file));
  }

 private:
  static Result<std::unique_ptr<JournalFile>> Open(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
    if (fd < 0) return Failed("open", path, errno);
    return std::unique_ptr<JournalFile>(std::make_unique<PosixFile>(fd, path));
  }
};

}  // namespace

std::unique_ptr<JournalIo> MakePosixJournalIo() { return std::make_unique<PosixJournalIo>(); }

Status WriteWholeFile(JournalIo& io, const std::string& directory, const std::string& name,
                      std::string_view content) {
  const std::string path = directory + '/' + name;
  SKEP_TRY(io.Remove(path));
  SKEP_ASSIGN(auto file, io.Create(path));
  const std::string_view pieces[] = {content};
  auto written = file->Append(pieces);
  if (written) written = file->Sync();
  if (written) written = io.SyncDirectory(directory);
  if (!written) {
    // Half a file would be taken for a damaged one.
    if (const auto removed = io.Remove(path); !removed) return removed;
  }
  return written;
}

}  // namespace skep
