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

TapeView TapeView::operator[](std::string_view name) const {
  TapeView found;
  ForEachMember([&](std::string_view member, TapeView value) {
    if (member == name) found = value;
  });
  return found;
}

}  // namespace skep::rollbar
