// SPDX-License-Identifier: Apache-2.0
// What stands in the panels of stored boards. Pure but for the catalog.
#pragma once

#include <string>

#include "catalog/documents.h"

namespace skep::ui {

// Every panel that shows the saved query `annotation_id` shows the query `query_id` from now on;
// whatever else a board has stays as it is. One board after the other, each as a whole.
Status ShowInPanels(Documents& documents, const std::string& project,
                    const std::string& annotation_id, const std::string& query_id);

}  // namespace skep::ui
