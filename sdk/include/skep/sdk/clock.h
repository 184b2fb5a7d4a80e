// SPDX-License-Identifier: Apache-2.0
// Clock: where the library reads the time, so that tests can live through a day in milliseconds.
// Thread-safe.
#pragma once

#include <cstdint>

namespace skep::sdk {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t UnixNanos() const = 0;    // since 1970-01-01 UTC; may jump
  virtual int64_t SteadyNanos() const = 0;  // never goes back; its zero means nothing
  static const Clock& System();
};

}  // namespace skep::sdk
