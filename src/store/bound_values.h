// SPDX-License-Identifier: Apache-2.0
// The values of a Statement as the engine takes them: text escaped as in its tab-separated form,
// since that is how it reads the value of a `{name:String}`. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/statement.h"

namespace skep {

using BoundValues = std::vector<std::pair<std::string, std::string>>;

BoundValues BindValues(const Statement& statement);

}  // namespace skep
