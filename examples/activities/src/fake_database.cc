// SPDX-License-Identifier: Apache-2.0
#include "fake_database.h"

#include <random>
#include <thread>

namespace activities {

std::chrono::milliseconds FakeDatabase::Call(std::string_view operation) const {
  thread_local std::minstd_rand random{std::random_device{}()};
  const std::chrono::milliseconds delay(
      std::uniform_int_distribution<uint32_t>(delay_min_ms_, delay_max_ms_)(random));
  auto span = telemetry_.tracer.StartActiveSpan("fake-db");
  span->SetAttribute("db.operation.name", operation);
  span->SetAttribute("app.delay_ms", delay.count());
  {
    auto sleep = telemetry_.tracer.StartActiveSpan("fake-db-sleep");
    std::this_thread::sleep_for(delay);
  }
  span->AddEvent("row.fetched", {{"rows", 3}, {"cache", false}});
  return delay;
}

}  // namespace activities
