// SPDX-License-Identifier: Apache-2.0
#include "xray/exception_record.h"

#include <algorithm>
#include <cstring>

#include "core/random_ids.h"
#include "skep/sdk/stack_trace.h"
#include "stack/exception_chain.h"
#include "xray/json_text.h"

namespace skep::sdk::xray {
namespace {

constexpr size_t kChainMax = 8;
constexpr size_t kMessageBytesMax = 8192;
constexpr size_t kFrameTextBytesMax = 512;

void AddFrames(ExceptionRecord& record, const StackTrace& trace, size_t frames_max) {
  const std::span<const uintptr_t> addresses = trace.Addresses();
  const StackTrace first(addresses.first(std::min(frames_max, addresses.size())));
  record.truncated = addresses.size() - first.Addresses().size();
  for (const StackFrame& frame : first.Resolve()) {
    record.stack.push_back(
        {std::string(FrontOf(frame.file.empty() ? frame.module : frame.file, kFrameTextBytesMax)),
         frame.line, std::string(FrontOf(frame.function, kFrameTextBytesMax))});
  }
}

std::vector<ExceptionRecord> Records(const std::vector<ExceptionDescription>& chain,
                                     const void* identity, bool remote, size_t frames_max,
                                     const StackTrace& here) {
  std::vector<ExceptionRecord> records;
  for (const ExceptionDescription& link : chain) {
    ExceptionRecord& record = records.emplace_back();
    record.id = NewSpanId();
    record.type = link.type;
    record.message = FrontOf(link.message, kMessageBytesMax);
    record.remote = remote;
    if (link.thrown_at) {
      AddFrames(record, *link.thrown_at, frames_max);
    } else if (records.size() == 1) {
      AddFrames(record, here, frames_max);
    }
  }
  for (size_t i = 0; i + 1 < records.size(); ++i) records[i].cause = records[i + 1].id;
  if (!records.empty()) records.front().identity = identity;
  return records;
}

}  // namespace

std::vector<ExceptionRecord> RecordException(const std::exception& exception, bool remote,
                                             size_t frames_max) {
  // Without this function and the method of Entity that called it.
  const StackTrace here = StackTrace::Current(2);
  return Records(DescribeException(exception, kChainMax), dynamic_cast<const void*>(&exception),
                 remote, frames_max, here);
}

std::vector<ExceptionRecord> RecordException(const std::exception_ptr& exception, bool remote,
                                             size_t frames_max) {
  const StackTrace here = StackTrace::Current(2);
  // The pointer's only member is where the exception object lies (libstdc++).
  const void* identity = nullptr;
  static_assert(sizeof identity == sizeof exception);
  std::memcpy(&identity, &exception, sizeof identity);
  return Records(DescribeException(exception, kChainMax), identity, remote, frames_max, here);
}

}  // namespace skep::sdk::xray
