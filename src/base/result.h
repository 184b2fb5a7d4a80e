// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. SKEP_TRY and SKEP_ASSIGN pass an error on to the caller.
// There are no exceptions outside the wrappers of libraries that throw.
#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace skep {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  // NOLINTNEXTLINE(google-explicit-constructor): returning an Error is how a function fails.
  Result(Error error) : tl::expected<T, Error>(tl::unexpected<Error>(std::move(error))) {}
};

using Status = Result<void>;

}  // namespace skep

#define SKEP_CONCAT_INNER(a, b) a##b
#define SKEP_CONCAT(a, b) SKEP_CONCAT_INNER(a, b)

// SKEP_TRY(DoIt()): returns the error of a Status, if it has one.
#define SKEP_TRY(expression)                                                \
  do {                                                                      \
    auto skep_status = (expression);                                        \
    if (!skep_status) return ::skep::Error(std::move(skep_status.error())); \
  } while (false)

// SKEP_ASSIGN(auto x, Compute()): x gets the value, or the error is returned.
#define SKEP_ASSIGN(target, expression) \
  SKEP_ASSIGN_INNER(SKEP_CONCAT(skep_result_, __LINE__), target, expression)
#define SKEP_ASSIGN_INNER(result, target, expression)           \
  auto result = (expression);                                   \
  if (!result) return ::skep::Error(std::move(result.error())); \
  target = std::move(*result)
