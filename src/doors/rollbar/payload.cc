// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/payload.h"

#include <algorithm>
#include <utility>

#include "wire/url.h"

namespace skep::rollbar {
namespace {

// Around the values of an item there are a few levels more: body, trace_chain, frames, locals.
constexpr size_t kEnvelopeDepth = 32;

Error NoJson() {
  return Error(Code::kInvalidArgument, "Invalid format. The request body is not a JSON object.");
}

bool LooksLikeJson(std::string_view body) {
  const size_t at = body.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && body[at] == '{';
}

}  // namespace

Result<Payload> ParsePayload(Bytes body, const Limits& limits) {
  if (body.size() > limits.body_bytes_max)
    return Error(Code::kInvalidArgument, "Invalid format. The request body is too large.");
  Payload payload;
  if (LooksLikeJson(body.view())) {
    payload.body = std::move(body);
  } else {
    const auto field = FindQueryParameter(body.view(), "payload");
    if (!field || !LooksLikeJson(*field)) return NoJson();
    payload.body = Bytes(*field);
    payload.access_token = FindQueryParameter(body.view(), "access_token").value_or(std::string());
  }
  if (!payload.tape.Parse(payload.body.view(), limits.depth_max + kEnvelopeDepth)) return NoJson();
  Arena arena;
  const std::string_view token = payload.Root(&arena)["access_token"].text();
  if (!token.empty()) payload.access_token = token;
  return payload;
}

}  // namespace skep::rollbar
