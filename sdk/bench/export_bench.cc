// SPDX-License-Identifier: Apache-2.0
// What exporting 100,000 spans a second costs, 5 attributes each, over OTLP/HTTP to a process of
// its own that takes and forgets them: CPU time of the exporter's thread, and of the whole program.
// The same load without an exporter tells what of it is making the spans and keeping time.
//   export_bench [SECONDS] [SPANS_PER_SECOND]
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include "skep/sdk/otlp/exporter.h"
#include "skep/sdk/tracer.h"

namespace skep::sdk {
namespace {

using std::chrono::milliseconds;

// Answers every request with 200; runs in a child until it is killed.
[[noreturn]] void Sink(int listener) {
  std::string buffer(4 << 20, '\0');
  while (true) {
    const int fd = accept(listener, nullptr, nullptr);
    size_t have = 0;
    while (true) {
      const ssize_t got = recv(fd, buffer.data() + have, buffer.size() - have, 0);
      if (got <= 0) break;
      have += static_cast<size_t>(got);
      const std::string_view seen(buffer.data(), have);
      const size_t head = seen.find("\r\n\r\n");
      if (head == std::string_view::npos) continue;
      const size_t length = seen.find("Content-Length: ");
      const size_t whole = head + 4 + std::strtoul(buffer.data() + length + 16, nullptr, 10);
      if (have < whole) continue;
      have -= whole;
      std::memmove(buffer.data(), buffer.data() + whole, have);
      constexpr char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
      if (send(fd, kAnswer, sizeof kAnswer - 1, MSG_NOSIGNAL) < 0) break;
    }
    close(fd);
  }
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double ProcessCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

// Of this process's threads whose name starts so.
double ThreadCpuSeconds(const std::string& name) {
  double seconds = 0;
  DIR* const tasks = opendir("/proc/self/task");
  while (const dirent* task = readdir(tasks)) {
    const std::string folder = std::string("/proc/self/task/") + task->d_name;
    std::string comm;
    std::getline(std::ifstream(folder + "/comm"), comm);
    if (!comm.starts_with(name)) continue;
    uint64_t running_ns = 0;
    std::ifstream(folder + "/schedstat") >> running_ns;
    seconds += static_cast<double>(running_ns) / 1e9;
  }
  closedir(tasks);
  return seconds;
}

// Ends `rate` spans a second from two threads, in steps of a millisecond.
void Load(const Tracer& tracer, int seconds, int rate) {
  auto work = [&] {
    auto next = std::chrono::steady_clock::now();
    const int steps = seconds * 1000;
    for (int64_t step = 0, ended = 0; step < steps; ++step) {
      for (const int64_t due = (step + 1) * rate / 2000; ended < due; ++ended) {
        Span span = tracer.StartSpan("GET /api/activities/home");
        span.SetAttribute("http.request.method", "GET")
            .SetAttribute("http.route", "/api/activities/home")
            .SetAttribute("http.response.status_code", 200)
            .SetAttribute("app.user_handle", "andrewbrown")
            .SetAttribute("app.count", ended);
        span.End();
      }
      next += milliseconds(1);
      std::this_thread::sleep_until(next);
    }
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}

double LoadWithoutExporter(int seconds, int rate) {
  TracerProvider provider({});
  const double before = ProcessCpuSeconds();
  Load(provider.GetTracer("bench"), seconds, rate);
  return ProcessCpuSeconds() - before;
}

int Run(int seconds, int rate, int port) {
  const double without = LoadWithoutExporter(seconds, rate);
  TracerProvider provider({});
  otlp::ExporterOptions options;
  options.url = "http://127.0.0.1:" + std::to_string(port) + "/v1/traces";
  auto exporter = std::make_unique<otlp::SpanExporter>(options);
  const auto counters = exporter->Counters();
  provider.AddProcessor(std::move(exporter));
  const double before = ProcessCpuSeconds();
  Load(provider.GetTracer("bench"), seconds, rate);
  const bool flushed = provider.ForceFlush(std::chrono::seconds(30));
  const double with = ProcessCpuSeconds() - before;
  const double thread = ThreadCpuSeconds("skep-otlp");
  const double percent = 100.0 / seconds;
  std::printf("%d spans/s for %d s: accepted %llu, sent %llu, dropped %llu%s\n", rate, seconds,
              static_cast<unsigned long long>(counters->accepted),
              static_cast<unsigned long long>(counters->sent),
              static_cast<unsigned long long>(counters->Dropped()), flushed ? "" : ", not flushed");
  std::printf("exporter's thread: %.2f %% of a core\n", thread * percent);
  std::printf("whole program: %.2f %%; without an exporter: %.2f %%; exporting: %.2f %%\n",
              with * percent, without * percent, (with - without) * percent);
  const bool complete =
      flushed && counters->sent == static_cast<uint64_t>(rate) * static_cast<uint64_t>(seconds);
  return complete ? 0 : 1;
}

}  // namespace
}  // namespace skep::sdk

int main(int argc, char** argv) {
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 10;
  const int rate = argc > 2 ? std::atoi(argv[2]) : 100'000;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 8) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 2;
  }
  const pid_t sink = fork();
  if (sink == 0) skep::sdk::Sink(listener);
  const int status = skep::sdk::Run(seconds, rate, ntohs(address.sin_port));
  kill(sink, SIGKILL);
  waitpid(sink, nullptr, 0);
  return status;
}
