// SPDX-License-Identifier: Apache-2.0
#include "doors/rollbar/tape_view.h"

namespace skep::rollbar {

std::string_view TapeView::text() const {
  if (!IsString()) return {};
  const std::string_view text = raw();
  if (!token().escaped) return text;
  char* const plain = arena_->Allocate(text.size());
  return {plain, JsonTape::Unescape(text, plain)};
}

std::string_view TapeView::AsText() const {
  if (IsString()) return text();
  return *this ? raw() : std::string_view();
}

size_t TapeView::size() const {
  size_t count = 0;
  ForEachElement([&](TapeView) { ++count; });
  return count;
}

TapeView TapeView::operator[](std::string_view name) const {
  if (!IsObject()) return {};
  const std::vector<JsonTape::Token>& tokens = tape_->tokens();
  TapeView found;
  const uint32_t end = token().next;
  for (uint32_t i = index_ + 1; i < end; i = tokens[i + 1].next) {
    const JsonTape::Token& member = tokens[i];
    const bool same = member.escaped
                          ? At(i).text() == name
                          : member.end - member.begin == name.size() && tape_->Raw(member) == name;
    if (same) found = At(i + 1);
  }
  return found;
}

}  // namespace skep::rollbar
