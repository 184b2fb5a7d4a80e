// SPDX-License-Identifier: Apache-2.0
// Addresses as the command line writes them: `HOST:PORT`, `[::1]:PORT` or `off`. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/server.h"

namespace skep::app {

// nullopt for `off`. kInvalidArgument says what is wrong with the text. HOST is a numeric address
// or `localhost`.
Result<std::optional<net::ListenAddress>> ParseAddress(std::string_view text);

// 127.0.0.0/8, ::1 or localhost.
bool IsLoopback(std::string_view host);

// HOST:PORT, with brackets around an IPv6 address.
std::string AddressText(const net::ListenAddress& address);

}  // namespace skep::app
