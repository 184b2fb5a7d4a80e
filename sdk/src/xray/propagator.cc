// SPDX-License-Identifier: Apache-2.0
// AWS's X-Amzn-Trace-Id. A load balancer gives Root alone: its trace is continued without a parent.
// Sampled=? or nothing leaves the decision to this process.
#include <memory>
#include <string>

#include "skep/sdk/propagation.h"
#include "skep/sdk/span.h"
#include "skep/sdk/xray/trace_header.h"

namespace skep::sdk {
namespace {

constexpr std::string_view kHeader = "x-amzn-trace-id";
constexpr char kRestKey = 0;  // of a std::string: what the header had besides, such as Lineage

class XrayHeader final : public Propagator {
 public:
  Context Extract(const Context& context, const HeaderGetter& get) const override {
    try {
      const auto text = get(kHeader);
      if (!text) return context;
      xray::TraceHeader header = xray::TraceHeader::Parse(*text);
      if (!header.root) return context;
      using Decision = xray::TraceHeader::Decision;
      SpanContext caller;
      caller.trace_id = *header.root;
      if (header.parent) caller.span_id = *header.parent;
      caller.sampled = header.decision == Decision::kSampled;
      caller.deferred =
          header.decision == Decision::kRequested || header.decision == Decision::kAbsent;
      caller.remote = true;
      Context extracted = context.WithSpan(Span::Remote(caller));
      if (header.rest.empty()) return extracted;
      return extracted.With(&kRestKey, std::make_shared<const std::string>(std::move(header.rest)));
    } catch (...) {  // a carrier that throws, or no memory
      return context;
    }
  }

  void Inject(const Context& context, const HeaderSetter& set) const override {
    try {
      const Span span = context.GetSpan();
      const SpanContext& ids = span.GetContext();
      if (!ids.IsValid()) return;
      xray::TraceHeader header;
      header.root = ids.trace_id;
      header.parent = ids.span_id;
      using Decision = xray::TraceHeader::Decision;
      header.decision = ids.deferred  ? Decision::kRequested
                        : ids.sampled ? Decision::kSampled
                                      : Decision::kNotSampled;
      const auto rest = std::static_pointer_cast<const std::string>(context.Get(&kRestKey));
      if (rest != nullptr) header.rest = *rest;
      set(kHeader, header.Text());
    } catch (...) {  // a carrier that throws, or no memory
    }
  }
};

}  // namespace

std::shared_ptr<Propagator> XrayPropagator() { return std::make_shared<XrayHeader>(); }

}  // namespace skep::sdk
