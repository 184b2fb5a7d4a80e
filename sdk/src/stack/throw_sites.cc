// SPDX-License-Identifier: Apache-2.0
#include "stack/throw_sites.h"

#include <unwind.h>

#include <algorithm>
#include <cstring>

namespace skep::sdk {
namespace {

// The object of an exception_ptr: libstdc++ holds just its address.
const void* ObjectOf(const std::exception_ptr& exception) {
  static_assert(sizeof exception == sizeof(void*));
  const void* object = nullptr;
  std::memcpy(&object, &exception, sizeof object);
  return object;
}

// The end of what the runtime puts just before the object (Itanium C++ ABI, 2.2.1).
struct ExceptionHeader {
  void* next_exception;
  int handler_count;  // handlers that have it now; std::terminate counts
  int handler_switch_value;
  const unsigned char* action_record;
  const unsigned char* language_specific_data;
  void* catch_temp;
  void* adjusted_pointer;
  _Unwind_Exception unwind_header;
};

// False for an exception that make_exception_ptr made and nobody threw: its memory may be that of
// an earlier one, whose place is not its own. Thrown ones have been given to a handler: the
// unwinder notes where it found that one; if there was none, the runtime has the exception caught
// and ends. When a made one is rethrown, all that happens to another header.
bool WasThrown(const void* object) {
  const auto* header = static_cast<const ExceptionHeader*>(object) - 1;
  return header->unwind_header.private_2 != 0 || header->handler_count != 0;
}

}  // namespace

ThrowSites& ThrowSites::Instance() {
  // Never destroyed: destructors of the program may throw and catch after static ones ran.
  static ThrowSites& instance = *new ThrowSites;
  return instance;
}

void ThrowSites::Record(const void* object, const std::type_info* type, const StackTrace& trace) {
  Slot& slot = slots_[next_.fetch_add(1, std::memory_order_relaxed) % kSlots];
  uint32_t version = slot.version.load(std::memory_order_relaxed);
  if (version % 2 != 0 ||
      !slot.version.compare_exchange_strong(version, version + 1, std::memory_order_acq_rel)) {
    return;
  }
  const std::span<const uintptr_t> addresses = trace.Addresses();
  // Releases: whoever reads one of these values also sees the odd version before them.
  slot.object.store(object, std::memory_order_release);
  slot.type.store(type, std::memory_order_release);
  slot.size.store(static_cast<uint32_t>(addresses.size()), std::memory_order_release);
  for (size_t i = 0; i < addresses.size(); ++i) {
    slot.addresses[i].store(addresses[i], std::memory_order_release);
  }
  slot.version.store(version + 2, std::memory_order_release);
}

std::optional<StackTrace> ThrowSites::Read(const Slot& slot, const void* object,
                                           const std::type_info* type) const {
  const uint32_t before = slot.version.load(std::memory_order_acquire);
  if (before % 2 != 0 || slot.object.load(std::memory_order_acquire) != object) return std::nullopt;
  if (slot.type.load(std::memory_order_acquire) != type) return std::nullopt;
  std::array<uintptr_t, StackTrace::kFramesMax> addresses;
  const size_t size = std::min<size_t>(slot.size.load(std::memory_order_acquire), addresses.size());
  for (size_t i = 0; i < size; ++i) {
    addresses[i] = slot.addresses[i].load(std::memory_order_acquire);
  }
  if (slot.version.load(std::memory_order_acquire) != before) return std::nullopt;
  return StackTrace(std::span(addresses.data(), size));
}

std::optional<StackTrace> ThrowSites::Find(const std::exception_ptr& exception) const {
  const void* object = ObjectOf(exception);
  if (object == nullptr || !WasThrown(object)) return std::nullopt;
  const std::type_info* type = exception.__cxa_exception_type();
  const uint64_t next = next_.load(std::memory_order_acquire);
  for (uint64_t back = 1; back <= std::min<uint64_t>(next, kSlots); ++back) {
    if (auto trace = Read(slots_[(next - back) % kSlots], object, type)) return trace;
  }
  return std::nullopt;
}

}  // namespace skep::sdk
