// SPDX-License-Identifier: Apache-2.0
// What keeps SQL of others from changing anything and from leaving the store. The engine's own
// `readonly` and the grants of its user do most of it; but a client library inside this process can
// do more than a client of a server: write files (INTO OUTFILE), run several statements, read any
// file with the function `file`. Uses the engine's parser, so it sees what the engine will do.
#pragma once

#include <string>

#include "base/result.h"
#include "store/bound_values.h"
#include "store/embedded/connection.h"

namespace skep {

// An error, in the engine's words, if it is not one statement that only reads the store.
Status CheckReadOnly(EngineConnection& connection, const std::string& sql,
                     const BoundValues& values);

}  // namespace skep
