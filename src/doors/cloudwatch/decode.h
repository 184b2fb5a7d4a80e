// SPDX-License-Identifier: Apache-2.0
// PutLogEvents: its body to one record per event. In two steps, because what is kept depends on the
// group that the body names: Parse reads and checks all of it, ToBatch makes the records of the
// events that lie in the window. DecodePutLogEvents does both, with the window in the context, for
// the journal. Pure: the same body and window give the same batch. One thread, one request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "ingest/sink.h"
#include "model/record_batch.h"
#include "wire/json_tape.h"

namespace skep::cloudwatch {

inline constexpr std::string_view kGroupAttribute = "aws.log.group.name";
inline constexpr std::string_view kStreamAttribute = "aws.log.stream.name";
inline constexpr size_t kEventOverheadBytes = 26;  // that AWS counts for each event

// Which events are kept, by their time in milliseconds; inclusive.
struct EventWindow {
  int64_t too_old_before = INT64_MIN;
  int64_t expired_before = INT64_MIN;
  int64_t too_new_after = INT64_MAX;
};
// As the journal keeps it.
std::string FormatWindow(const EventWindow& window);
// Empty text is a window without bounds. kInvalidArgument.
Result<EventWindow> ParseWindow(std::string_view text);

// PutLogEvents' rejectedLogEventsInfo: the first event that is too new, the last ones too old.
struct RejectedEvents {
  std::optional<size_t> too_new_start;
  std::optional<size_t> too_old_end;
  std::optional<size_t> expired_end;
  bool any() const { return too_new_start || too_old_end || expired_end; }
};

class PutLogEventsBody {
 public:
  // What a body that is not taken is said to be.
  struct Problem {
    bool serialization = false;  // not even of the operation's form
    std::string message;         // safe for clients
  };

  // False: problem() says why. The body is kept.
  bool Parse(Bytes body, const Limits& limits);
  const Problem& problem() const { return problem_; }

  std::string_view group() const { return group_; }
  std::string_view stream() const { return stream_; }
  std::string_view sequence_token() const { return sequence_token_; }
  std::string_view body() const { return batch_.body(); }
  size_t events() const { return events_.size(); }
  RejectedEvents Rejected(const EventWindow& window) const;

  // Once, after Parse.
  RecordBatch ToBatch(const EventWindow& window);

 private:
  struct Event {
    int64_t time_ms = 0;
    uint32_t message = 0;  // token
    bool has_time = false;
    bool has_message = false;
  };

  bool Fail(std::string message);
  bool FailSerialization(std::string_view message);
  bool ReadRoot();
  bool ReadText(size_t token, std::string_view* text);
  bool ReadEvents(size_t token);
  bool ReadEvent(size_t token, Event* event);
  bool Validate(bool has_events);
  // A string of the body without escapes; in the batch's arena if it had some.
  std::string_view TextOf(const JsonTape::Token& token);

  Limits limits_;
  RecordBatch batch_;
  JsonTape tape_;
  Problem problem_;
  std::string_view group_, stream_, sequence_token_;
  bool has_group_ = false;
  bool has_stream_ = false;
  std::vector<Event> events_;
};

// kInvalidArgument with the problem's message.
Result<RecordBatch> DecodePutLogEvents(Bytes body, const DecodeContext& context,
                                       const Limits& limits);

}  // namespace skep::cloudwatch
