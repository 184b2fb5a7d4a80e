// SPDX-License-Identifier: Apache-2.0
#include "query/expression/regex.h"

#include <re2/re2.h>

#include <utility>

namespace skep {
namespace {

// Far below what the engine takes.
constexpr int kGroupsMax = 100;

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

ExpressionRegex::ExpressionRegex(std::unique_ptr<re2::RE2> regex) : regex_(std::move(regex)) {}
ExpressionRegex::~ExpressionRegex() = default;
ExpressionRegex::ExpressionRegex(ExpressionRegex&&) noexcept = default;
ExpressionRegex& ExpressionRegex::operator=(ExpressionRegex&&) noexcept = default;

Result<ExpressionRegex> ExpressionRegex::Create(std::string_view pattern) {
  if (pattern.find('\0') != std::string_view::npos)
    return Error(Code::kInvalidArgument, "A regular expression cannot hold a zero byte.");
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_unique<re2::RE2>(Piece(pattern), options);
  if (!regex->ok())
    return Error(Code::kInvalidArgument, "The regular expression is not valid: " + regex->error());
  if (regex->NumberOfCapturingGroups() > kGroupsMax)
    return Error(Code::kInvalidArgument, "The regular expression has too many groups.");
  return ExpressionRegex(std::move(regex));
}

std::string ExpressionRegex::ForEngine(std::string_view pattern) {
  return "(?-s)" + std::string(pattern);
}

bool ExpressionRegex::Matches(std::string_view text) const {
  return re2::RE2::PartialMatch(Piece(text), *regex_);
}

std::optional<std::string> ExpressionRegex::FirstMatch(std::string_view text) const {
  re2::StringPiece found[2];
  const int wanted = regex_->NumberOfCapturingGroups() > 0 ? 2 : 1;
  if (!regex_->Match(Piece(text), 0, text.size(), re2::RE2::UNANCHORED, found, wanted))
    return std::nullopt;
  const re2::StringPiece& piece = found[wanted - 1];
  return piece.empty() ? std::string() : std::string(piece.data(), piece.size());
}

int64_t ExpressionRegex::CountMatches(std::string_view text) const {
  int64_t count = 0;
  size_t at = 0;
  re2::StringPiece found;
  while (at < text.size() &&
         regex_->Match(Piece(text), at, text.size(), re2::RE2::UNANCHORED, &found, 1)) {
    const auto begin = static_cast<size_t>(found.data() - text.data());
    if (!found.empty()) ++count;
    at = begin + (found.empty() ? 1 : found.size());
  }
  return count;
}

}  // namespace skep
