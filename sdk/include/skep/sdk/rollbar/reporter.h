// SPDX-License-Identifier: Apache-2.0
// Reporter: reports errors to Rollbar, or to what speaks its protocol, as Rollbar's own libraries
// do: exceptions with where they were thrown and what they were thrown over, messages, crashes.
//
//   RecordThrowSites();
//   rollbar::Reporter reporter(rollbar::ReporterOptions::FromEnvironment());
//   reporter.InstallCrashHandlers("/var/lib/app/crashes");
//   try { ... } catch (const std::exception& e) { reporter.Report(e, {.custom = {{"order", 7}}}); }
//
// Report takes what it needs and returns; names of frames are looked up and the item is written and
// sent on a thread of its own. Items are at most 512 KB: a longer one loses the middle frames, then
// ends of strings, then all but the message (as rollbar.js does). At most items_per_minute are
// taken; when Rollbar says that its own limit is reached, items wait until it says it is over. A
// refused token is tried again once a minute. Sent twice after a lost answer, an item has the same
// UUID, by which the receiver stores it once. Thread-safe; nothing throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/clock.h"
#include "skep/sdk/diagnostics.h"
#include "skep/sdk/rollbar/item.h"

namespace skep::sdk {
class HttpClient;
}

namespace skep::sdk::rollbar {

enum class CaptureIp : uint8_t { kNo, kAnonymize, kYes };

struct ReporterOptions {
  std::string access_token;                                 // post_server_item
  std::string endpoint = "https://api.rollbar.com/api/1/";  // "item/" is added
  std::string environment = "production";
  std::string code_version;  // 40 characters at most: of a version or a commit
  std::string host;          // empty: the machine's
  std::string root;          // of the program's own code; also names it in Skep
  std::string branch;
  std::string framework;
  bool enabled = true;
  // Besides the usual ones: values of such fields are replaced by "********" in headers,
  // parameters, queries of URLs and custom data. Without regard to case; '-' is '_'.
  std::vector<std::string> scrub_fields;
  bool capture_username = false;
  bool capture_email = false;
  CaptureIp capture_ip = CaptureIp::kYes;
  bool include_request_body = false;
  // The current span's trace_id and span_id go to `custom`, so that Skep shows the item in its
  // trace.
  bool carry_ids = true;
  uint32_t items_per_minute = 60;  // 0: any number
  std::chrono::milliseconds timeout{3000};
  size_t pending_items_max = 1000;    // not yet written
  size_t queue_bytes_max = 16 << 20;  // of items written and not yet acknowledged
  std::string ca_file;                // empty: the system's
  const Clock* clock = nullptr;       // null: the machine's
  bool start_thread = true;           // false: tests drive it

  // ROLLBAR_ACCESS_TOKEN, ROLLBAR_ENDPOINT, ROLLBAR_ENV, CODE_VERSION; APP_JOIN=none clears
  // carry_ids.
  static ReporterOptions FromEnvironment();
};

class Reporter {
 public:
  explicit Reporter(ReporterOptions options);
  // With the client given: for tests.
  Reporter(ReporterOptions options, std::unique_ptr<HttpClient> client);
  ~Reporter();  // takes the crash handlers back; Shutdown with 2 s
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  // Each returns the item's UUID; empty if it was not taken (disabled, over a limit).
  std::string Report(const std::exception_ptr& exception, const ItemData& data = {});
  std::string Report(const std::exception& exception, const ItemData& data = {});
  // A message has the level of `data` in place of one of its own.
  std::string Message(std::string_view text, const ItemData& data = {});

  // What happened before the next error, shown with it: the last 50.
  void AddTelemetry(Level level, std::string_view message);

  // Uncaught exceptions are reported at once, for two seconds at most, and then handed to the
  // terminate handler of before. SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL leave a note in
  // `folder` (made if it is missing, readable by the owner alone), with nothing but
  // async-signal-safe calls, and go on to the handler of before, or to the core dump. Notes are
  // reported here, at the next start, and deleted when the receiver has them. The calling thread
  // gets a stack of its own for signals, so that its overflow leaves a note, too. One reporter of a
  // process; false if another one has them, or the folder cannot be used.
  bool InstallCrashHandlers(const std::string& folder);

  bool Flush(std::chrono::milliseconds timeout);
  bool Shutdown(std::chrono::milliseconds timeout);
  // accepted counts items once they are written.
  std::shared_ptr<const ExportCounters> Counters() const;
  uint64_t RateLimited() const;  // over items_per_minute; not among the counters
  int64_t RunOnce();             // without a thread: Delivery::RunOnce

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::sdk::rollbar
