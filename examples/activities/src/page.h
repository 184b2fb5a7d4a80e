// SPDX-License-Identifier: Apache-2.0
// The page that drives the backend by hand, served at /. Its files are in the program.
#pragma once

#include "router.h"

namespace activities {

void AddPageRoutes(Router& router);

}  // namespace activities
