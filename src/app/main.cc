// SPDX-License-Identifier: Apache-2.0
// skep: reads the command line, starts the server, waits for a signal. The first SIGINT or SIGTERM
// lets it finish what it holds; a second one ends it at once, and then the journal has what was
// acknowledged.
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>

#include "app/address_file.h"
#include "app/instance.h"
#include "app/options.h"
#include "base/free_memory.h"
#include "base/log.h"

namespace skep::app {
namespace {

// Blocked before any thread starts, so that only Wait gets them.
sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

int Wait(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

int Serve(const ServeOptions& options) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ReturnLargePieces();

  auto instance = Instance::Create(options);
  if (!instance) {
    LogError("app", instance.error());
    fmt::print(stderr, "skep: {}\n", instance.error().message);
    return 1;
  }
  for (const auto& [name, url] : (*instance)->addresses())
    Log(LogLevel::kInfo, "app", "{} listens at {}", name, url);
  if (options.insecure_listen)
    Log(LogLevel::kWarn, "app",
        "--insecure-listen: whoever reaches these addresses reads and writes everything");
  if (!options.address_file.empty()) {
    const Status written = WriteAddressFile(options.address_file, (*instance)->addresses());
    if (!written) {
      fmt::print(stderr, "skep: {}\n", written.error().message);
      return 1;
    }
  }

  const int signal = Wait(signals);
  Log(LogLevel::kInfo, "app", "signal {}: finishing what is held; once more ends it at once",
      signal);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  (*instance)->Shutdown();
  return 0;
}

}  // namespace
}  // namespace skep::app

int main(int argc, char** argv) {
  const auto command = skep::app::ParseCommandLine(argc, argv);
  if (!command.serve) return command.exit_code;
  return skep::app::Serve(*command.serve);
}
