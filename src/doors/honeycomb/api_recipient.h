// SPDX-License-Identifier: Apache-2.0
// One recipient: its type, and the target that tells it from others of its type (an address, a
// channel, a key, a name). Pure but for the catalog.
#pragma once

#include <string>
#include <string_view>

#include "doors/honeycomb/api_call.h"

namespace skep::honeycomb {

struct RecipientTarget {
  std::string type;
  std::string target;
};

// What an alert says of the recipient; empty if it is gone.
RecipientTarget TargetOf(const ApiCall& call, const std::string& id);
// Its id; empty: there is none.
Result<std::string> FindRecipient(const ApiCall& call, std::string_view type,
                                  std::string_view target);
// Of type email or slack, which a target describes whole. Returns its id.
Result<std::string> MakeRecipient(ApiCall* call, const std::string& type,
                                  const std::string& target);

}  // namespace skep::honeycomb
