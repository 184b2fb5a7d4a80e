// SPDX-License-Identifier: Apache-2.0
// What a program says of an error besides the error itself, in Rollbar's words
// (docs.rollbar.com/reference/create-item). Person and request may also stand in the Context, so
// that whatever is reported while a request is handled carries them. Plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skep/sdk/attribute.h"
#include "skep/sdk/context.h"

namespace skep::sdk::rollbar {

enum class Level : uint8_t { kDebug, kInfo, kWarning, kError, kCritical };
std::string_view LevelText(Level level);  // "warning"

struct Person {
  std::string id{};  // 40 characters at most, by Rollbar; without one there is no person
  std::string username{};
  std::string email{};
};

using Fields = std::vector<std::pair<std::string, std::string>>;

// Empty members are left out. Secrets are replaced before it leaves the process: see
// ReporterOptions.
struct Request {
  std::string method{};
  std::string url{};  // in full, with its query
  Fields headers{};
  Fields route_params{};  // what the route took out of the path
  Fields get{};           // the query's parameters; by default taken from the URL
  Fields post{};          // a form's
  std::string body{};     // as it came; sent only with include_request_body
  std::string user_ip{};
};

struct ItemData {
  Level level = Level::kError;
  const Person* person = nullptr;    // null: the current context's
  const Request* request = nullptr;  // null: the current context's
  std::vector<Attribute> custom{};   // {{"order", 7}}: views, as Attribute is
  std::string_view title{};          // 255 characters at most
  std::string_view context{};        // where in the program: "activities#create"
  std::string_view fingerprint{};    // items of one are one; up to 40 characters as they are
};

Context WithPerson(const Context& context, Person person);
Context WithRequest(const Context& context, Request request);
// Of a context; null if it has none.
std::shared_ptr<const Person> GetPerson(const Context& context);
std::shared_ptr<const Request> GetRequest(const Context& context);

}  // namespace skep::sdk::rollbar
