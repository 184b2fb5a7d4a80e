// SPDX-License-Identifier: Apache-2.0
// W3C Trace Context (w3.org/TR/trace-context-2, 3.2 and 3.3): traceparent and tracestate.
#include <optional>
#include <string>
#include <string_view>

#include "core/header_text.h"
#include "core/trace_state.h"
#include "skep/sdk/propagation.h"
#include "skep/sdk/span.h"

namespace skep::sdk {
namespace {

constexpr size_t kLength = 55;  // of version 00, and the least of later ones
constexpr unsigned kSampled = 1;
constexpr unsigned kRandom = 2;

std::optional<unsigned> HexByte(std::string_view text) {
  unsigned value = 0;
  for (const char c : text.substr(0, 2)) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

// Later versions may go on after what is known of them, behind another dash (3.2.4).
std::optional<SpanContext> ParseTraceParent(std::string_view text) {
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') {
    return std::nullopt;
  }
  const auto version = HexByte(text);
  const auto trace_id = TraceId::FromHex(text.substr(3, 32));
  const auto span_id = SpanId::FromHex(text.substr(36, 16));
  const auto flags = HexByte(text.substr(53));
  if (!version || *version == 0xFF || !trace_id || !span_id || !flags) return std::nullopt;
  if (text.size() > kLength && (*version == 0 || text[kLength] != '-')) return std::nullopt;
  SpanContext context;
  context.trace_id = *trace_id;
  context.span_id = *span_id;
  context.sampled = (*flags & kSampled) != 0;
  context.random = (*flags & kRandom) != 0;
  context.remote = true;
  return context;
}

class TraceContext final : public Propagator {
 public:
  Context Extract(const Context& context, const HeaderGetter& get) const override {
    try {
      const auto header = get("traceparent");
      auto caller = header ? ParseTraceParent(TrimBlanks(*header)) : std::nullopt;
      if (!caller) return context;
      if (const auto state = get("tracestate")) caller->trace_state = CheckedTraceState(*state);
      return context.WithSpan(Span::Remote(*caller));
    } catch (...) {  // a carrier that throws, or no memory
      return context;
    }
  }

  void Inject(const Context& context, const HeaderSetter& set) const override {
    try {
      const Span span = context.GetSpan();
      const SpanContext& ids = span.GetContext();
      if (!ids.IsValid()) return;
      std::string header = "00-" + ids.trace_id.Hex() + "-" + ids.span_id.Hex() + "-0";
      header += static_cast<char>('0' + (ids.sampled ? kSampled : 0) + (ids.random ? kRandom : 0));
      set("traceparent", header);
      if (!ids.trace_state.empty()) set("tracestate", ids.trace_state);
    } catch (...) {  // a carrier that throws, or no memory
    }
  }
};

}  // namespace

std::shared_ptr<Propagator> TraceContextPropagator() { return std::make_shared<TraceContext>(); }

}  // namespace skep::sdk
