// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "core/span_state.h"
#include "skep/sdk/propagation.h"

namespace skep::sdk {
namespace {

class Composite final : public Propagator {
 public:
  explicit Composite(std::vector<std::shared_ptr<Propagator>> parts) : parts_(std::move(parts)) {
    std::erase(parts_, nullptr);
  }

  Context Extract(const Context& context, const HeaderGetter& get) const override {
    Context extracted = context;
    bool found = false;
    for (const auto& part : parts_) {
      Context next = part->Extract(extracted, get);
      const Span before = extracted.GetSpan();
      const Span after = next.GetSpan();
      const bool changed = SpanState::Of(before) != SpanState::Of(after);
      // A span found before is kept; a trace without a span gives way to a whole one only.
      const bool worse =
          SpanState::Of(before) != SpanState::Of(context) && !after.GetContext().IsValid();
      extracted = changed && (found || worse) ? next.WithSpan(before) : std::move(next);
      found = found || (changed && after.GetContext().IsValid());
    }
    return extracted;
  }

  void Inject(const Context& context, const HeaderSetter& set) const override {
    for (const auto& part : parts_) part->Inject(context, set);
  }

 private:
  std::vector<std::shared_ptr<Propagator>> parts_;  // shared with who configured them
};

}  // namespace

std::shared_ptr<Propagator> CompositePropagator(std::vector<std::shared_ptr<Propagator>> parts) {
  return std::make_shared<Composite>(std::move(parts));
}

}  // namespace skep::sdk
