// SPDX-License-Identifier: Apache-2.0
// What holds for any headers: nothing crashes, limits hold, and what is injected is read back as it
// was. Lines of the input are the headers; missing ones are missing. Used by the fuzz target and by
// the test that replays its corpus.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/trace_state.h"
#include "skep/sdk/propagation.h"
#include "skep/sdk/span.h"

namespace skep::sdk::fuzz {

inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

using Headers = std::map<std::string, std::string, std::less<>>;

inline Headers HeadersOf(std::string_view input) {
  Headers headers;
  for (const char* name : {"traceparent", "tracestate", "baggage", "x-amzn-trace-id"}) {
    const size_t end = input.find('\n');
    headers[name] = std::string(input.substr(0, end));
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  return headers;
}

inline Context Extract(const Propagator& propagator, const Headers& headers) {
  return propagator.Extract(Context(), [&headers](std::string_view name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::nullopt : std::optional(found->second);
  });
}

inline Headers Inject(const Propagator& propagator, const Context& context) {
  Headers headers;
  propagator.Inject(context, [&headers](std::string_view name, std::string_view value) {
    for (const char c : value) Require(c >= 0x20 && c < 0x7F, "only printable text is written");
    headers[std::string(name)] = value;
  });
  return headers;
}

inline void CheckTraceState(std::string_view header) {
  const std::string state = CheckedTraceState(header);
  Require(state.size() <= 512, "a trace state has at most 512 characters");
  Require(CheckedTraceState(state) == state, "a checked trace state is a good one");
  const std::string with = WithThreshold(state, "8");
  Require(with.size() <= 512 && CheckedTraceState(with) == with, "and so it is with a threshold");
  Require(OtField(with, "th") == "8", "the threshold is there");
  Require(OtField(WithThreshold(with, ""), "th").empty(), "and can be taken out");
}

inline void CheckPropagation(std::string_view input) {
  const auto propagator =
      CompositePropagator({TraceContextPropagator(), XrayPropagator(), BaggagePropagator()});
  const Headers headers = HeadersOf(input);
  const Context context = Extract(*propagator, headers);
  const Context again = Extract(*propagator, Inject(*propagator, context));
  const SpanContext before = context.GetSpan().GetContext();
  const SpanContext after = again.GetSpan().GetContext();
  Require(before.IsValid() == after.IsValid(), "a span comes back if there was one");
  Require(
      !before.IsValid() || (before.trace_id == after.trace_id && before.span_id == after.span_id &&
                            before.sampled == after.sampled && before.random == after.random &&
                            before.trace_state == after.trace_state),
      "with its ids");
  const Baggage baggage = GetBaggage(context);
  Require(baggage.size() <= 64, "baggage has at most 64 entries");
  for (const auto& [key, value] : GetBaggage(again)) {
    Require(baggage.contains(key) && baggage.at(key) == value, "baggage comes back");
  }
  for (const auto& [name, value] : headers) CheckTraceState(value);
}

}  // namespace skep::sdk::fuzz
