// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/span.h"

#include <new>

#include "core/recording_span.h"
#include "core/span_pool.h"
#include "core/span_state.h"

namespace skep::sdk {
namespace {

RecordingSpan* RecorderOf(SpanState* state) {
  return state == nullptr ? nullptr : state->Recorder();
}

Attributes View(std::initializer_list<Attribute> attributes) {
  return {attributes.begin(), attributes.size()};
}

}  // namespace

void SpanState::Release() {
  RecordingSpan* recorder = Recorder();
  if (recorder == nullptr) {
    delete this;
    return;
  }
  recorder->End(0);
  SpanPool::Free(recorder);
}

Span::Span(const Span& other) : state_(other.state_) {
  if (state_ != nullptr) state_->Ref();
}

Span::~Span() {
  if (state_ != nullptr) state_->Unref();
}

Span Span::Remote(const SpanContext& context) {
  try {
    return Span(new SpanState(context));
  } catch (...) {
    return {};  // no memory: the caller's trace is not continued
  }
}

Span& Span::SetAttribute(std::string_view key, const AttributeValue& value) {
  if (auto* recorder = RecorderOf(state_)) recorder->SetAttribute(key, value);
  return *this;
}

Span& Span::AddEvent(std::string_view name, std::initializer_list<Attribute> attributes) {
  return AddEvent(name, View(attributes), 0);
}

Span& Span::AddEvent(std::string_view name, Attributes attributes, int64_t time_unix_ns) {
  if (auto* recorder = RecorderOf(state_)) recorder->AddEvent(name, attributes, time_unix_ns);
  return *this;
}

Span& Span::AddLink(const SpanContext& target, std::initializer_list<Attribute> attributes) {
  if (auto* recorder = RecorderOf(state_)) recorder->AddLink(target, View(attributes));
  return *this;
}

Span& Span::SetStatus(StatusCode code, std::string_view description) {
  if (auto* recorder = RecorderOf(state_)) recorder->SetStatus(code, description);
  return *this;
}

Span& Span::UpdateName(std::string_view name) {
  if (auto* recorder = RecorderOf(state_)) recorder->UpdateName(name);
  return *this;
}

void Span::End(int64_t end_unix_ns) {
  if (auto* recorder = RecorderOf(state_)) recorder->End(end_unix_ns);
}

const SpanContext& Span::GetContext() const {
  static const SpanContext none;
  return state_ == nullptr ? none : state_->context();
}

bool Span::IsRecording() const {
  const RecordingSpan* recorder = RecorderOf(state_);
  return recorder != nullptr && recorder->IsRecording();
}

}  // namespace skep::sdk
