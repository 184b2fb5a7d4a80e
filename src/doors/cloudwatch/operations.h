// SPDX-License-Identifier: Apache-2.0
// The operations of the Logs API that answer from the catalog and the store. Each reads its input
// from the call and writes its output there. Thread-safe: all state is the call's.
#pragma once

#include <string_view>

#include "doors/cloudwatch/call.h"

namespace skep::cloudwatch {

using Operation = Status (*)(Call*);

// By its name, e.g. "CreateLogGroup"; nullptr if it is not served.
Operation FindOperation(std::string_view name);

Status CreateLogGroup(Call* call);
Status DeleteLogGroup(Call* call);
Status DescribeLogGroups(Call* call);
Status CreateLogStream(Call* call);
Status DeleteLogStream(Call* call);
Status DescribeLogStreams(Call* call);
Status PutRetentionPolicy(Call* call);
Status DeleteRetentionPolicy(Call* call);

Status TagResource(Call* call);
Status UntagResource(Call* call);
Status ListTagsForResource(Call* call);
Status TagLogGroup(Call* call);
Status UntagLogGroup(Call* call);
Status ListTagsLogGroup(Call* call);

Status GetLogEvents(Call* call);
Status FilterLogEvents(Call* call);

}  // namespace skep::cloudwatch
