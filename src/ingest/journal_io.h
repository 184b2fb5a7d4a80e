// SPDX-License-Identifier: Apache-2.0
// JournalIo: the file operations that the journal needs, and nothing else, so that tests can let
// each of them fail. PosixJournalIo is the real one. A full disk is kResourceExhausted, every other
// failure kUnavailable. JournalIo is thread-safe; a JournalFile is used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace skep {

// A file that grows at its end.
class JournalFile {
 public:
  virtual ~JournalFile() = default;
  // Appends all the pieces. After an error an unknown part of them is in the file.
  virtual Status Append(std::span<const std::string_view> pieces) = 0;
  virtual Status Sync() = 0;
  virtual Status Truncate(uint64_t size) = 0;
};

class JournalIo {
 public:
  virtual ~JournalIo() = default;
  virtual Status MakeDirectory(const std::string& path) = 0;
  // Names in a directory, sorted.
  virtual Result<std::vector<std::string>> List(const std::string& directory) = 0;
  virtual Result<Bytes> Read(const std::string& path) = 0;
  // A new, empty file; kAlreadyExists when there is one of that name.
  virtual Result<std::unique_ptr<JournalFile>> Create(const std::string& path) = 0;
  virtual Result<std::unique_ptr<JournalFile>> OpenExisting(const std::string& path) = 0;
  virtual Status Remove(const std::string& path) = 0;
  virtual Status SyncDirectory(const std::string& path) = 0;
  // Keeps other processes out for as long as the returned object lives; kFailedPrecondition when
  // another one is in already.
  virtual Result<std::unique_ptr<JournalFile>> Lock(const std::string& path) = 0;
};

std::unique_ptr<JournalIo> MakePosixJournalIo();

// Makes (or replaces) a small file so that it is whole or absent after a crash.
Status WriteWholeFile(JournalIo& io, const std::string& directory, const std::string& name,
                      std::string_view content);

}  // namespace skep
