// SPDX-License-Identifier: Apache-2.0
// RecorderCore: what a recorder shares with its segments. Does not change after it was made, but
// for what is thread-safe itself.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "skep/sdk/xray/recorder.h"
#include "xray/document.h"
#include "xray/node.h"

namespace skep::sdk::xray {

struct RecorderCore {
  bool enabled = true;
  std::string service;
  std::string dynamic_naming;
  ContextMissing context_missing = ContextMissing::kLogError;
  std::function<void(std::string_view)> context_missing_handler;
  uint32_t streaming_threshold = 100;
  uint32_t stack_frames_max = 10;
  bool sampling = true;
  const Clock* clock = nullptr;
  std::shared_ptr<Emitter> emitter;         // the program may have given it to others as well
  std::shared_ptr<SegmentSampler> sampler;  // null: everything
  std::string origin;
  Fields aws;  // of every segment
  Fields service_block;
  RecorderStats stats;

  void Send(const Documents& documents) noexcept;
};

}  // namespace skep::sdk::xray
