// SPDX-License-Identifier: Apache-2.0
// CrashHandlers: the process's signal and terminate handlers while a reporter has them, and the
// folder of notes that they leave. One of a process at a time (signals have no argument to find it
// by).
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rollbar/crash_note.h"

namespace skep::sdk::rollbar {

class CrashHandlers {
 public:
  // Called in the terminate handler, once, with the exception, which may be null.
  using OnUncaught = std::function<void(const std::exception_ptr&)>;

  // Null if another one has the handlers, or the folder cannot be made or belongs to somebody else.
  static std::unique_ptr<CrashHandlers> Install(const std::string& folder, OnUncaught on_uncaught);
  ~CrashHandlers();  // the handlers of before are back, where nobody put others in the meantime
  CrashHandlers(const CrashHandlers&) = delete;
  CrashHandlers& operator=(const CrashHandlers&) = delete;

 private:
  CrashHandlers() = default;
};

// A file that an earlier process left: a signal's note, or a whole item (*.json).
struct LeftBehind {
  std::string path;
  std::string text;
};

// The oldest `files_max`; deletes what is over 100 of them. Bounded: 1 MiB of each.
std::vector<LeftBehind> FindLeftBehind(const std::string& folder, size_t files_max);
// Writes a file that only the owner may read, whole or not at all. False if it could not.
bool WriteWhole(const std::string& path, std::string_view text);

}  // namespace skep::sdk::rollbar
