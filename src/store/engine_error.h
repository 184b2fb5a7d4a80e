// SPDX-License-Identifier: Apache-2.0
// What the engine says when it fails (`Code: 241. DB::Exception: ...`) as an Error. Its number is
// kept: the SQL endpoint gives it back to its clients. Pure.
#pragma once

#include <string_view>

#include "base/error.h"

namespace skep {

// The number in `Code: N. DB::Exception:`; 0 if there is none.
int EngineCode(std::string_view text);

// For a question: what is not known to be the engine's fault is the question's.
Error QueryError(std::string_view text);
// For an insert, which comes from our own code: what is not known to be the block's fault may be
// tried again.
Error InsertError(std::string_view text);

}  // namespace skep
