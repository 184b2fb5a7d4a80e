// SPDX-License-Identifier: Apache-2.0
// The code of README.md, which tools/tidy.py holds against what stands between the marks here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <thread>

#include "core/test_spans.h"
#include "skep/sdk/coroutine.h"
#include "skep/sdk/propagation.h"
#include "skep/sdk/sampler.h"
#include "skep/sdk/tracer.h"

namespace {

using skep::sdk::CollectingProcessor;
using skep::sdk::EndedSpans;
using testing::ElementsAre;
using testing::Pair;

struct Request {
  std::map<std::string, std::string> headers;
  std::optional<std::string> Header(std::string_view name) const {
    const auto found = headers.find(std::string(name));
    return found == headers.end() ? std::nullopt : std::optional(found->second);
  }
  void SetHeader(std::string_view name, std::string_view value) {
    headers[std::string(name)] = value;
  }
};

void Insert(const std::string& message) {
  if (message.empty()) throw std::invalid_argument("message_blank");
}

// [tracing]
void Create(skep::sdk::Tracer tracer, const std::string& handle, const std::string& message) {
  skep::sdk::ActiveSpan span = tracer.StartActiveSpan("create-activity");
  span->SetAttribute("app.user_handle", handle).SetAttribute("app.message_bytes", message.size());
  try {
    skep::sdk::ActiveSpan insert = tracer.StartActiveSpan("insert");  // a child of create-activity
    Insert(message);
    insert->AddEvent("inserted", {{"rows", 1}});
  } catch (const std::exception& e) {
    span->RecordException(e).SetStatus(skep::sdk::StatusCode::kError, e.what());
  }
}
// [/tracing]

// [propagation]
void Handle(skep::sdk::Tracer tracer, const skep::sdk::Propagator& propagator, const Request& in,
            Request& out) {
  using namespace skep::sdk;
  const Context caller = propagator.Extract(
      Context::Current(), [&in](std::string_view name) { return in.Header(name); });
  const ContextScope scope(caller);
  ActiveSpan span = tracer.StartActiveSpan("GET /", {.kind = SpanKind::kServer});
  propagator.Inject(Context::Current(), [&out](std::string_view name, std::string_view value) {
    out.SetHeader(name, value);
  });
}
// [/propagation]

class Readme : public testing::Test {
 protected:
  Readme() { provider_.AddProcessor(std::make_unique<CollectingProcessor>(ended_)); }
  std::shared_ptr<EndedSpans> ended_ = std::make_shared<EndedSpans>();
  skep::sdk::TracerProvider provider_{{}};
};

TEST_F(Readme, Tracing) {
  Create(provider_.GetTracer("home.activities"), "andrew", "hello");
  Create(provider_.GetTracer("home.activities"), "andrew", "");
  const auto ended = ended_->All();
  ASSERT_EQ(ended.size(), 4U);
  EXPECT_EQ(ended[0].name, "insert");
  EXPECT_EQ(ended[0].parent_id, ended[1].context.span_id);
  EXPECT_THAT(ended[1].attributes,
              ElementsAre(Pair("app.message_bytes", "5"), Pair("app.user_handle", "andrew")));
  EXPECT_EQ(ended[3].status, skep::sdk::StatusCode::kError);
  EXPECT_EQ(ended[3].events.at(0).attributes.at("exception.message"), "message_blank");
}

TEST_F(Readme, Context) {
  using namespace skep::sdk;
  Tracer tracer = provider_.GetTracer("home.activities");
  {
    ActiveSpan span = tracer.StartActiveSpan("request");
    // [context]
    std::thread worker(WithCurrentContext([&tracer] {
      ActiveSpan child = tracer.StartActiveSpan("in another thread");  // of the caller's span
    }));
    // [/context]
    worker.join();
  }
  const auto ended = ended_->All();
  EXPECT_EQ(ended.at(0).parent_id, ended.at(1).context.span_id);
}

TEST_F(Readme, Propagation) {
  using namespace skep::sdk;
  // [propagators]
  std::shared_ptr<Propagator> propagator =
      CompositePropagator({TraceContextPropagator(), XrayPropagator(), BaggagePropagator()});
  // [/propagators]
  Request in, out;
  in.headers["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  in.headers["baggage"] = "user=andrew";
  Handle(provider_.GetTracer("t"), *propagator, in, out);
  const auto ended = ended_->All();
  EXPECT_EQ(ended.at(0).parent_id.Hex(), "00f067aa0ba902b7");
  EXPECT_EQ(out.headers.at("traceparent"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-" + ended.at(0).context.span_id.Hex() + "-01");
  EXPECT_EQ(out.headers.at("baggage"), "user=andrew");
}

}  // namespace
