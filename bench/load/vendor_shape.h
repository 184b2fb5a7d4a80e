// SPDX-License-Identifier: Apache-2.0
// The loads of the doors that speak JSON: segment documents (each with a subsegment, as the Flask
// middleware of aws-xray-sdk sends them), batches of log events, and Rollbar items of about 200
// sorts. Users, routes and durations are drawn as for spans. Each object is used by one thread.
#pragma once

#include <memory>

#include "load/shape.h"

namespace skep::load {

// Bodies of PutTraceSegments.
std::unique_ptr<Load> MakeSegmentLoad(const LoadOptions& options);
// One datagram with one document, whatever the number of records.
std::unique_ptr<Load> MakeDatagramLoad(const LoadOptions& options);
// Bodies of PutLogEvents for group `bench`, stream `load`, with the text of the log lines.
std::unique_ptr<Load> MakeLogEventLoad(const LoadOptions& options);
// One item, whatever the number of records.
std::unique_ptr<Load> MakeItemLoad(const LoadOptions& options);

}  // namespace skep::load
