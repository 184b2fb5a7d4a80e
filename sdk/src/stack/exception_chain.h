// SPDX-License-Identifier: Apache-2.0
// ExceptionChain: an exception and what it was thrown over (std::throw_with_nested), outermost
// first: type, message, where it was thrown. What Span::RecordException and rollbar::Reporter
// report. Throws nothing; exceptions of any type can be described. Thread-safe.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "skep/sdk/stack_trace.h"

namespace skep::sdk {

struct ExceptionDescription {
  std::string type;  // demangled: "std::runtime_error"
  std::string
      message;  // what(), the text if a string was thrown, the number if a number was; else empty
  std::optional<StackTrace> thrown_at;  // nothing if it was not recorded
};

// At most `links_max` of them; empty for a null pointer.
std::vector<ExceptionDescription> DescribeException(const std::exception_ptr& exception,
                                                    size_t links_max = 16);
// For whoever has only a reference. thrown_at is known if it is the exception being handled.
std::vector<ExceptionDescription> DescribeException(const std::exception& exception,
                                                    size_t links_max = 16);

}  // namespace skep::sdk
