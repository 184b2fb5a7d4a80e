// SPDX-License-Identifier: Apache-2.0
// Refusal: what a client is told when its request does not reach a handler, in the route's words or
// in plain ones. Pure.
#pragma once

#include "base/error.h"
#include "net/router.h"

namespace skep::net {

// `route` may be null. The request loses its body.
Response Refuse(const Route* route, Request* request, const Error& error);

// As Refuse, for a coding of the body that net does not know: 415, or UNIMPLEMENTED for gRPC.
Response RefuseEncoding(const Route* route, Request* request);

}  // namespace skep::net
