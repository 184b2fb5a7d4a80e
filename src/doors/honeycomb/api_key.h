// SPDX-License-Identifier: Apache-2.0
// Keys of requests. There are none that a server must know: any key is taken, a missing one is
// refused. But a key that was made over version 2 is known: it answers for what it is, with another
// secret or disabled it is refused. A document of kind kApiKey has as its name the SHA-256 of what
// clients send, and in its body no secret. Pure but for the catalog.
#pragma once

#include <string>
#include <string_view>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

// What `X-Honeycomb-Team` says for the key of this id: an ingest key's id stands before its secret.
std::string KeyText(const std::string& id, const std::string& key_type, const std::string& secret);
// How such a text is found again.
std::string KeyName(std::string_view key_text);

// Refuses the call, or fills its api_key.
Status CheckKey(ApiCall* call);

}  // namespace skep::honeycomb
