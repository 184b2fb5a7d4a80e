// SPDX-License-Identifier: Apache-2.0
// Lets libchdb live beside the sanitizers' runtimes, in builds that have one; does nothing in
// others.
#pragma once

namespace skep {

// To be called once before the library is loaded.
void ExpectEngineBesideSanitizer();

}  // namespace skep
