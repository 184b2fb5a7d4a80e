// SPDX-License-Identifier: Apache-2.0
// Joiner: decides which records of different doors are one request, and writes that down through
// the sink. One thread takes what the JoinObserver copied, keeps a JoinWindow per project, and
// submits joins as they become certain. At its start, and when a project's second door speaks up,
// it reads the last minutes of candidates and joins back from the store, so that a restart neither
// forgets a join nor makes one twice. See README.md.
//
// Order of life: JoinObserver, Sink (which has it as an observer and DecodeJoins as a decoder),
// Joiner, Start, ..., Stop, Sink::Shutdown. Start and Stop from one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "ingest/sink.h"
#include "join/join_observer.h"
#include "join/join_window.h"
#include "query/reader.h"

namespace skep::join {

struct JoinerOptions {
  WindowOptions window;
  int64_t turn_ms = 250;  // between two looks at what has become due
  Clock clock = WallClockNs;
};

class Joiner {
 public:
  // None is owned; all must outlive it.
  Joiner(JoinerOptions options, JoinObserver* observer, Sink* sink, Reader* reader);
  ~Joiner();

  void Start();
  // Makes the joins that are due, hands them to the sink and waits for its answers. What is not yet
  // certain is decided after the next start.
  void Stop();

  // What the thread does at its start, and then again and again: takes what came (waiting up to
  // `wait_ms`), decides, submits. For tests, which call these instead of Start.
  void Reload();
  void Turn(int64_t wait_ms);
  // Until the sink has answered for every join handed to it, or ten seconds have passed.
  void WaitForAnswers();

 private:
  struct Project {
    explicit Project(const WindowOptions& options) : window(options) {}
    JoinWindow window;
    std::vector<int64_t> reload_at_ns;  // pending looks at the store
  };
  struct Answers;

  void Run(const std::stop_token& stop);
  void ReloadProject(const std::string& name, int64_t newest_ns, Project* project);
  // nullptr: there are too many.
  Project* ProjectOf(const std::string& name);
  void Submit(const std::string& project, std::vector<Join> joins);
  void SubmitOne(const std::string& project, std::vector<Join> joins);
  void SubmitAgain();

  const JoinerOptions options_;
  JoinObserver* const observer_;
  Sink* const sink_;
  Reader* const reader_;
  std::map<std::string, Project, std::less<>> projects_;
  std::shared_ptr<Answers> answers_;  // shared: the sink may answer after a turn
  std::jthread thread_;
};

}  // namespace skep::join
