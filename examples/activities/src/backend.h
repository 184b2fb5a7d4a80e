// SPDX-License-Identifier: Apache-2.0
// Backend: what each route does. Every handler runs inside the server's span and segment, and
// reports its own part of the work. Thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "activity.h"
#include "config.h"
#include "fake_database.h"
#include "http_types.h"
#include "router.h"
#include "store.h"
#include "telemetry.h"

namespace activities {

class Backend {
 public:
  Backend(const Config& config, const Telemetry& telemetry);

  // Handlers refer to this object.
  void AddRoutes(Router& router);

 private:
  Answer Home();
  Answer OfUser(const Call& call);
  Answer Show(const Call& call);
  Answer Search(const Call& call);
  Answer Notifications(const Call& call);
  Answer Create(const Call& call);
  Answer Reply(const Call& call);
  Answer MessageGroups(const Call& call);
  Answer Conversation(const Call& call);
  Answer Send(const Call& call);
  Answer RollbarTest();
  Answer Boom();

  // One reading of the pretended database, in a span and a subsegment that say when and how many
  // rows `read(now)` gave. `part` is the metadata's namespace.
  template <typename Read>
  auto Select(std::string_view span_name, std::string_view subsegment_name, std::string_view part,
              Read read);
  // 422 with the reasons, also on the span and in the log.
  Answer Refuse(skep::sdk::Span& span, std::string_view action,
                const std::vector<std::string_view>& reasons);

  const Telemetry& telemetry_;
  Store store_;
  FakeDatabase database_;
};

}  // namespace activities
