// SPDX-License-Identifier: Apache-2.0
// Facts: the attributes of one record that say what it could belong to, under whichever name its
// SDK uses: OpenTelemetry's HTTP names before and after they became stable, and those that the
// doors give to what X-Ray, CloudWatch and Rollbar say. Views into the batch or the query's answer;
// thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/value.h"

namespace skep::join {

enum class Fact : uint8_t {
  kMethod,
  kUrl,
  kPath,
  kTarget,  // path and query
  kQuery,
  kHttpHost,  // HOST or HOST:PORT, as the Host header says
  kServerAddress,
  kServerPort,
  kStatus,
  kClient,
  kPeer,
  kForwarded,
  kServiceName,
  kInstance,
  kHostName,
  kPid,
  kExceptionType,
  kExceptionMessage,
  kXRayDocument,
  kLogGroup,
  kLogStream,
  kMessage,
  kCount
};
inline constexpr size_t kFactCount = static_cast<size_t>(Fact::kCount);

struct FactName {
  std::string_view name;
  Fact fact;
};
// Every attribute that is looked at. Where a record has several for one fact, the first here wins.
std::span<const FactName> FactNames();
// Index into FactNames(), or nothing.
std::optional<size_t> FindFactName(std::string_view attribute);

class Facts {
 public:
  // `rank` is the index into FactNames() of the attribute that had it.
  void Set(size_t rank, const Value& value);
  // As text, from a query's answer.
  void SetText(size_t rank, std::string_view text);

  // Empty if absent or no text.
  std::string_view text(Fact fact) const { return at(fact).text; }
  // 0 if absent or no whole number.
  int64_t number(Fact fact) const { return at(fact).number; }
  bool yes(Fact fact) const { return number(fact) == 1 || text(fact) == "true"; }

 private:
  struct Entry {
    std::string_view text;
    int64_t number = 0;
    size_t rank = SIZE_MAX;
  };
  const Entry& at(Fact fact) const { return entries_[static_cast<size_t>(fact)]; }
  Entry* Better(size_t rank);

  std::array<Entry, kFactCount> entries_;
};

}  // namespace skep::join
