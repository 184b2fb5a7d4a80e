// SPDX-License-Identifier: Apache-2.0
// /1/maps: service maps, which are not answered here.
#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {
namespace {

Status Refused(ApiCall* call) {
  return call->Refuse(ForbiddenProblem("This server does not answer service map queries."));
}

constexpr ApiRoute kRoutes[] = {{"POST", "/1/maps/dependencies/requests", Refused},
                                {"GET", "/1/maps/dependencies/requests/{}", Refused}};

}  // namespace

ApiRoutes MapRoutes() { return kRoutes; }

}  // namespace skep::honeycomb
