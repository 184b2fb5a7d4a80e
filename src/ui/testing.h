// SPDX-License-Identifier: Apache-2.0
// For tests: the page's API through its routes, over a real store, a catalog in memory and a sink
// that has nothing pending.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/database.h"
#include "fields/project_fields.h"
#include "query/testing.h"
#include "ui/register.h"
#include "wire/json.h"

namespace skep::ui {

struct Answer {
  int status = 0;
  std::string body;
  JsonDocument json;
  JsonView root() const { return json.root(); }
};

class Api {
 public:
  explicit Api(Store* store)
      : world_(store),
        database_(*Database::Open({":memory:"})),
        items_(database_.get()),
        documents_(database_.get()),
        field_rows_(database_.get()),
        catalogue_(*fields::Catalogue::Load(&field_rows_)),
        fields_(catalogue_.get(), "default"),
        runs_(&world_.reader(), &FieldTypes::All()),
        bubbleups_(BubbleUpParts{&world_.reader(), &FieldTypes::All(), &fields_}) {
    Parts parts;
    parts.reader = &world_.reader();
    parts.items = &items_;
    parts.documents = &documents_;
    parts.field_catalogue = catalogue_.get();
    parts.field_types = &FieldTypes::All();
    parts.query_runs = &runs_;
    parts.bubbleup_runs = &bubbleups_;
    parts.counters = &counters_;
    parts.sink = &world_.sink();
    parts.addresses = [] {
      return std::vector<std::pair<std::string, std::string>>{{"http", "http://127.0.0.1:1"}};
    };
    parts.datagrams_dropped = [] { return uint64_t{2}; };
    parts.version = "1.2.3";
    parts.clock = [] { return testing::kTestTimeNs + 60'000 * testing::kMs; };
    Register(router_, std::move(parts));
  }

  testing::TestWorld& world() { return world_; }
  Items& items() { return items_; }
  Counters& counters() { return counters_; }

  Documents& documents() { return documents_; }

  Answer Get(const std::string& target) { return Send("GET", target, {}); }
  Answer Send(const std::string& method, const std::string& target, std::string_view body) {
    net::Request request;
    request.method = method;
    request.body = Bytes(body);
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
    Answer answer;
    const net::Route* route = router_.Match(request);
    route->handler(std::move(request), net::Responder([&](net::Response response) {
                     answer.status = response.status;
                     answer.body = std::move(response.body);
                   }));
    const Status parsed = answer.json.ParseAgain(answer.body);
    EXPECT_TRUE(parsed) << answer.body;
    return answer;
  }

 private:
  testing::TestWorld world_;
  std::unique_ptr<Database> database_;
  Items items_;
  Documents documents_;
  FieldRows field_rows_;
  std::unique_ptr<fields::Catalogue> catalogue_;
  fields::ProjectFields fields_;
  QueryRuns runs_;
  BubbleUpRuns bubbleups_;
  Counters counters_;
  net::Router router_;
};

}  // namespace skep::ui
