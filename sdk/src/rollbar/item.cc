// SPDX-License-Identifier: Apache-2.0
#include "skep/sdk/rollbar/item.h"

namespace skep::sdk::rollbar {
namespace {

// Addresses of these are the keys.
const char person_key = 0;
const char request_key = 0;

}  // namespace

Context WithPerson(const Context& context, Person person) {
  return context.With(&person_key, std::make_shared<const Person>(std::move(person)));
}

Context WithRequest(const Context& context, Request request) {
  return context.With(&request_key, std::make_shared<const Request>(std::move(request)));
}

std::shared_ptr<const Person> GetPerson(const Context& context) {
  return std::static_pointer_cast<const Person>(context.Get(&person_key));
}

std::shared_ptr<const Request> GetRequest(const Context& context) {
  return std::static_pointer_cast<const Request>(context.Get(&request_key));
}

}  // namespace skep::sdk::rollbar
