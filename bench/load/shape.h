// SPDX-License-Identifier: Apache-2.0
// The loads that Skep is measured with, as encoded OTLP requests: SpanLoad (traces of 3 to 13 spans
// over 10 services, 12 span and 8 resource attributes, about 550 bytes a span) and LogLoad (lines
// with a 226-byte JSON body, about 386 bytes a line). Seeded: the same seed gives the same bytes,
// apart from the end time. Each object is used by one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skep::load {

// xoshiro256**; small, fast, and the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t Next();
  uint64_t Below(uint64_t bound) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * bound) >> 64);
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  double Normal();

 private:
  std::array<uint64_t, 4> state_;
};

struct LoadOptions {
  uint64_t seed = 1;
  size_t records_per_request = 512;
  int64_t end_time_ns = 0;  // times lie in the hour before it
  int64_t spread_ns = 3'600'000'000'000;
  size_t records_expected = 1'000'000;  // over how many records the hour is spread
};

// What a connection sends.
class Load {
 public:
  virtual ~Load() = default;
  // The next request body, with `records` records; good until the next call.
  virtual std::string_view Next(size_t records) = 0;
};

// Appends to `out` what a log line of the load says, 226 bytes of JSON; true when it tells of an
// error.
bool AppendLineText(Random* random, std::string* out);
// The moment of the record after `made` others.
int64_t TimeAt(const LoadOptions& options, size_t made);
uint64_t DrawUser(Random* random);
int64_t DrawDurationNs(Random* random);

class SpanLoad final : public Load {
 public:
  explicit SpanLoad(const LoadOptions& options);
  // An ExportTraceServiceRequest.
  std::string_view Next(size_t records) override;

 private:
  struct Group {  // of one service instance
    std::string resource;
    std::string spans;
  };
  void AddTrace();
  void AddSpan(size_t service, int64_t start_ns, int64_t duration_ns, uint64_t parent);

  LoadOptions options_;
  Random random_;
  std::vector<Group> groups_;
  std::array<std::vector<std::string>, 8> choices_;  // encoded attributes that have few values
  std::string span_;
  std::string request_;
  size_t made_ = 0;
  size_t in_request_ = 0;
  // The trace at hand; a request may end in the middle of one.
  std::array<uint64_t, 2> trace_id_{};
  std::vector<uint64_t> span_ids_;
  std::vector<std::array<int64_t, 2>> intervals_;
  size_t trace_spans_ = 0;
  size_t trace_at_ = 0;
  size_t trace_instance_ = 0;
  uint64_t user_ = 0;
};

class LogLoad final : public Load {
 public:
  explicit LogLoad(const LoadOptions& options);
  // An ExportLogsServiceRequest.
  std::string_view Next(size_t records) override;

 private:
  void AddLine(std::string* out);

  LoadOptions options_;
  Random random_;
  std::vector<std::string> resources_;
  std::string body_;
  std::string line_;
  std::string lines_;
  std::string request_;
  size_t made_ = 0;
};

}  // namespace skep::load
