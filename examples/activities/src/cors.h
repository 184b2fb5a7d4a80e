// SPDX-License-Identifier: Apache-2.0
// Cross-origin answers of /api/*, as Flask-CORS gives them: any origin, `location` and `link` to be
// read, preflights answered with what was asked for. Pure.
#pragma once

#include <string_view>

#include "http_types.h"

namespace activities {

void AddCorsHeaders(std::string_view method, std::string_view path, const HeaderGetter& header,
                    Answer& answer);

}  // namespace activities
