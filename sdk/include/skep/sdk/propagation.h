// SPDX-License-Identifier: Apache-2.0
// Propagators: context in and out of headers. W3C Trace Context and Baggage, and AWS's
// X-Amzn-Trace-Id (Root=1-8hex-24hex;Parent=16hex;Sampled=0|1). Headers that are not well-formed
// are ignored, as their specifications say. Header names are given and asked for in lower case;
// carriers compare without regard to case. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skep/sdk/context.h"

namespace skep::sdk {

// Where headers are read from: returns the value, several of one name joined by a comma; nothing if
// there is none.
using HeaderGetter = std::function<std::optional<std::string>(std::string_view name)>;
using HeaderSetter = std::function<void(std::string_view name, std::string_view value)>;

class Propagator {
 public:
  virtual ~Propagator() = default;
  // `context` with what the headers say: the remote span, baggage.
  virtual Context Extract(const Context& context, const HeaderGetter& get) const = 0;
  virtual void Inject(const Context& context, const HeaderSetter& set) const = 0;
};

std::shared_ptr<Propagator> TraceContextPropagator();  // traceparent, tracestate
std::shared_ptr<Propagator> BaggagePropagator();       // baggage
std::shared_ptr<Propagator> XrayPropagator();          // X-Amzn-Trace-Id
// Injects all; extracts in order: the first that finds a span gives it.
std::shared_ptr<Propagator> CompositePropagator(std::vector<std::shared_ptr<Propagator>> parts);

// Baggage of a context (W3C Baggage: at most 64 entries and 8192 bytes; values percent-decoded).
using Baggage = std::map<std::string, std::string, std::less<>>;
Baggage GetBaggage(const Context& context);
Context WithBaggage(const Context& context, Baggage baggage);

}  // namespace skep::sdk
