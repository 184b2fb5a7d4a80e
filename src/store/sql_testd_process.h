// SPDX-License-Identifier: Apache-2.0
// For tests: skep_sql_testd as a child process, with an embedded store in a folder behind the
// ClickHouse HTTP interface. Killed when this goes.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace skep::testing {

class SqlTestd {
 public:
  explicit SqlTestd(const std::string& directory, bool read_only = false) {
    int to_child[2];
    int from_child[2];
    if (::pipe2(to_child, O_CLOEXEC) != 0 || ::pipe2(from_child, O_CLOEXEC) != 0) std::abort();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(to_child[0], STDIN_FILENO);
      ::dup2(from_child[1], STDOUT_FILENO);
      ::execl(SKEP_SQL_TESTD, SKEP_SQL_TESTD, directory.c_str(), read_only ? "read-only" : nullptr,
              nullptr);
      ::_exit(127);
    }
    ::close(to_child[0]);
    ::close(from_child[1]);
    input_ = to_child[1];
    char c = 0;
    while (::read(from_child[0], &c, 1) == 1 && c != '\n') port_ += c;
    ::close(from_child[0]);
  }
  ~SqlTestd() { Kill(); }
  SqlTestd(const SqlTestd&) = delete;
  SqlTestd& operator=(const SqlTestd&) = delete;

  bool serves() const { return !port_.empty(); }
  std::string url() const { return "http://127.0.0.1:" + port_; }
  int port() const { return std::atoi(port_.c_str()); }

  void Kill() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    Reap();
  }
  // Lets it end by itself; its exit status.
  int Stop() {
    ::close(input_);
    input_ = -1;
    return Reap();
  }

 private:
  int Reap() {
    int status = 0;
    if (pid_ > 0) ::waitpid(pid_, &status, 0);
    pid_ = -1;
    if (input_ >= 0) ::close(input_);
    input_ = -1;
    return status;
  }

  pid_t pid_ = -1;
  int input_ = -1;
  std::string port_;
};

}  // namespace skep::testing
