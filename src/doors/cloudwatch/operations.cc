// SPDX-License-Identifier: Apache-2.0
#include "doors/cloudwatch/operations.h"

#include <array>

namespace skep::cloudwatch {
namespace {

struct Entry {
  std::string_view name;
  Operation operation;
};
constexpr std::array<Entry, 16> kOperations = {{
    {"CreateLogGroup", CreateLogGroup},
    {"DeleteLogGroup", DeleteLogGroup},
    {"DescribeLogGroups", DescribeLogGroups},
    {"CreateLogStream", CreateLogStream},
    {"DeleteLogStream", DeleteLogStream},
    {"DescribeLogStreams", DescribeLogStreams},
    {"PutRetentionPolicy", PutRetentionPolicy},
    {"DeleteRetentionPolicy", DeleteRetentionPolicy},
    {"TagResource", TagResource},
    {"UntagResource", UntagResource},
    {"ListTagsForResource", ListTagsForResource},
    {"TagLogGroup", TagLogGroup},
    {"UntagLogGroup", UntagLogGroup},
    {"ListTagsLogGroup", ListTagsLogGroup},
    {"GetLogEvents", GetLogEvents},
    {"FilterLogEvents", FilterLogEvents},
}};

}  // namespace

Operation FindOperation(std::string_view name) {
  for (const Entry& entry : kOperations)
    if (entry.name == name) return entry.operation;
  return nullptr;
}

}  // namespace skep::cloudwatch
