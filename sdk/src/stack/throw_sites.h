// SPDX-License-Identifier: Apache-2.0
// ThrowSites: where the last exceptions of this process were thrown: a ring of fixed size, written
// by the __cxa_throw of cxa_throw.cc, read by those who report. Thread-safe without locks: a slot
// has a version, odd while it is written; a writer that meets another one gives way and records
// nothing, a reader that meets a writer reads on.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <optional>
#include <typeinfo>

#include "skep/sdk/stack_trace.h"

namespace skep::sdk {

class ThrowSites {
 public:
  static constexpr size_t kSlots = 256;

  static ThrowSites& Instance();
  void Record(const void* object, const std::type_info* type, const StackTrace& trace);
  std::optional<StackTrace> Find(const std::exception_ptr& exception) const;

 private:
  struct Slot {
    std::atomic<uint32_t> version{0};
    std::atomic<uint32_t> size{0};
    std::atomic<const void*> object{nullptr};
    std::atomic<const std::type_info*> type{nullptr};
    std::array<std::atomic<uintptr_t>, StackTrace::kFramesMax> addresses{};
  };
  std::optional<StackTrace> Read(const Slot& slot, const void* object,
                                 const std::type_info* type) const;

  std::atomic<uint64_t> next_{0};
  std::array<Slot, kSlots> slots_;
};

}  // namespace skep::sdk
