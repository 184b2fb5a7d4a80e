// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/context.h"

#include <utility>

#include "core/span_state.h"
#include "skep/sdk/coroutine.h"
#include "skep/sdk/span.h"

namespace skep::sdk {

struct Context::Node {
  Key key;
  std::shared_ptr<const void> value;
  std::shared_ptr<const Node> next;
};

namespace {

// Made when a thread first makes a context current, and trivial to ask for before and after that:
// what other thread_locals do while the thread ends finds an empty context.
constinit thread_local Context* t_current = nullptr;
constinit thread_local bool t_ended = false;

struct Slot {
  Context context;
  Slot() { t_current = &context; }
  ~Slot() {
    t_current = nullptr;
    t_ended = true;
  }
};

Context* CurrentSlot() {
  if (t_current == nullptr && !t_ended) {
    static thread_local Slot slot;
    t_current = &slot.context;
  }
  return t_current;
}

}  // namespace

SpanState* SpanState::OfCurrentContext() { return t_current == nullptr ? nullptr : Of(*t_current); }

Context::Context(const Context& other) : span_(other.span_), values_(other.values_) {
  if (span_ != nullptr) span_->Ref();
}

void Context::Release() { span_->Unref(); }

Context Context::Current() { return t_current == nullptr ? Context() : *t_current; }

Context Context::With(Key key, std::shared_ptr<const void> value) const {
  Context with = *this;
  try {
    with.values_ = std::make_shared<const Node>(Node{key, std::move(value), values_});
  } catch (...) {
    return *this;  // no memory: without the value
  }
  return with;
}

std::shared_ptr<const void> Context::Get(Key key) const {
  for (const Node* node = values_.get(); node != nullptr; node = node->next.get()) {
    if (node->key == key) return node->value;
  }
  return nullptr;
}

Context Context::WithSpan(const Span& span) const {
  Context with = *this;
  if (with.span_ != nullptr) with.span_->Unref();
  with.span_ = SpanState::Of(span);
  if (with.span_ != nullptr) with.span_->Ref();
  return with;
}

Span Context::GetSpan() const {
  if (span_ != nullptr) span_->Ref();
  return SpanState::Adopt(span_);
}

Span Span::Current() {
  SpanState* state = SpanState::OfCurrentContext();
  if (state != nullptr) state->Ref();
  return SpanState::Adopt(state);
}

Context detail::SwapCurrentContext(Context context) noexcept {
  if (Context* current = CurrentSlot()) std::swap(*current, context);
  return context;
}

ContextScope::ContextScope(Context context) : previous_(std::move(context)) {
  if (Context* current = CurrentSlot()) std::swap(*current, previous_);
}

ContextScope::~ContextScope() {
  if (Context* current = CurrentSlot()) *current = std::move(previous_);
}

}  // namespace skep::sdk
