// SPDX-License-Identifier: Apache-2.0
// ExpressionRegex: a regular expression in RE2's syntax, which is Go's, and so Honeycomb's. The
// engine uses RE2 too: what compiles here compiles there. As in Go, a point matches no line feed.
// Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace skep {

class ExpressionRegex {
 public:
  // kInvalidArgument with RE2's words.
  static Result<ExpressionRegex> Create(std::string_view pattern);
  ~ExpressionRegex();
  ExpressionRegex(ExpressionRegex&&) noexcept;
  ExpressionRegex& operator=(ExpressionRegex&&) noexcept;

  // How the engine is given the pattern: its own default lets a point match a line feed.
  static std::string ForEngine(std::string_view pattern);

  bool Matches(std::string_view text) const;
  // What the first group matched in the first match, or the match itself if there are no groups;
  // nothing where nothing matches.
  std::optional<std::string> FirstMatch(std::string_view text) const;
  // Matches that do not overlap; empty ones do not count.
  int64_t CountMatches(std::string_view text) const;

 private:
  explicit ExpressionRegex(std::unique_ptr<re2::RE2> regex);

  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace skep
