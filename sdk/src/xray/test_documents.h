// SPDX-License-Identifier: Apache-2.0
// For tests: an emitter that keeps what it is given, and documents read back. Thread-safe.
#pragma once

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "skep/sdk/xray/emitter.h"
#include "skep/sdk/xray/recorder.h"

namespace skep::sdk::xray {

inline rapidjson::Document ParseJson(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag>(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text;
  return document;
}

class MemoryEmitter : public Emitter {
 public:
  void Send(std::string_view document, uint32_t records) noexcept override {
    const std::lock_guard lock(mutex_);
    EXPECT_LE(document.size(), kDocumentBytesMax);
    documents_.emplace_back(document);
    counters_->accepted += records;
    counters_->sent += records;
  }
  bool Flush(std::chrono::milliseconds) noexcept override { return true; }
  const std::shared_ptr<ExportCounters>& Counters() const noexcept override { return counters_; }

  std::vector<std::string> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(documents_, {});
  }
  // The only document there is.
  rapidjson::Document TakeOne() {
    const std::vector<std::string> documents = Take();
    EXPECT_EQ(documents.size(), 1u);
    return ParseJson(documents.empty() ? "{}" : documents.front());
  }

 private:
  std::mutex mutex_;  // guards documents_
  std::vector<std::string> documents_;
  const std::shared_ptr<ExportCounters> counters_ = std::make_shared<ExportCounters>();
};

// The value under a path of keys and indexes; fails the test if it is not there.
inline const rapidjson::Value& Step(const rapidjson::Value& value, const char* key) {
  static const rapidjson::Value none;
  if (value.IsObject() && value.HasMember(key)) return value[key];
  ADD_FAILURE() << "no " << key;
  return none;
}
inline const rapidjson::Value& Step(const rapidjson::Value& value, unsigned index) {
  static const rapidjson::Value none;
  if (value.IsArray() && index < value.Size()) return value[index];
  ADD_FAILURE() << "no element " << index;
  return none;
}
template <typename... Path>
const rapidjson::Value& At(const rapidjson::Value& value, Path... path) {
  const rapidjson::Value* found = &value;
  ((found = &Step(*found, path)), ...);
  return *found;
}
template <typename... Path>
std::string TextAt(const rapidjson::Value& value, Path... path) {
  const rapidjson::Value& found = At(value, path...);
  return found.IsString() ? found.GetString() : "(no text)";
}

struct TestRecorder {
  explicit TestRecorder(RecorderOptions options = {.service = "shop"})
      : emitter(std::make_shared<MemoryEmitter>()), recorder(Filled(std::move(options))) {}
  RecorderOptions Filled(RecorderOptions options) {
    options.emitter = emitter;
    options.sampling = options.sampler != nullptr;
    return options;
  }
  std::shared_ptr<MemoryEmitter> emitter;  // shared with the recorder
  Recorder recorder;
};

}  // namespace skep::sdk::xray
