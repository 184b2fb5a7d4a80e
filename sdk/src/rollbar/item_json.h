// SPDX-License-Identifier: Apache-2.0
// What is known of an item when it is reported, and the JSON that it becomes on the delivery thread
// (docs.rollbar.com/reference/create-item): names of frames are looked up there. Pure but for that.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rollbar/crash_note.h"
#include "rollbar/scrubber.h"
#include "skep/sdk/rollbar/reporter.h"
#include "skep/sdk/stack_trace.h"
#include "stack/exception_chain.h"

namespace skep::sdk::rollbar {

struct Telemetry {
  int64_t time_unix_ns = 0;
  Level level = Level::kInfo;
  std::string message;
};

// One link of a trace chain.
struct Trace {
  std::string type;
  std::string message;
  StackTrace stack;  // innermost first
};

struct PendingItem {
  std::string uuid;
  int64_t time_unix_ns = 0;
  Level level = Level::kError;
  std::vector<Trace> chain;  // outermost first; empty: a message
  std::string message;
  bool uncaught = false;
  int pid = 0;
  std::string title;
  std::string context;
  std::string fingerprint;
  std::string custom;                      // members of a JSON object, without its braces
  std::shared_ptr<const Person> person;    // shared with the Context it came from; may be null
  std::shared_ptr<const Request> request;  // likewise
  std::vector<Telemetry> telemetry;
  std::string note_path;  // deleted when the receiver has the item
  std::shared_ptr<const CrashNote>
      crash;  // whose frames are those of the chain's only link; may be null
};

constexpr size_t kItemBytesMax = 512 * 1024;

// {"data":{...}}, at most kItemBytesMax.
std::string ItemJson(const PendingItem& item, const ReporterOptions& options,
                     const Scrubber& scrubber);

// Members for `custom`, secrets replaced: "order":7,"trace_id":"..."
std::string CustomMembers(Attributes attributes, const Scrubber& scrubber);

// An item's JSON made smaller in rollbar.js's order until it fits: frames in the middle go (30 at
// each end stay), then ends of strings over 1024, 512, 256 bytes, then all frames but two and all
// but 255 bytes of messages, then everything that is not needed. As it was if it is no JSON.
std::string Truncated(std::string json, size_t bytes_max);

}  // namespace skep::sdk::rollbar
