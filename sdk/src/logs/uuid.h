// SPDX-License-Identifier: Apache-2.0
// UUIDs (RFC 9562, version 4) from the operating system's random numbers. Thread-safe, and
// different in a forked child.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace skep::sdk {

std::array<uint8_t, 16> RandomUuidBytes();
// 36 characters, in lower case.
std::string UuidText(std::span<const uint8_t, 16> bytes);
inline std::string NewUuid() { return UuidText(RandomUuidBytes()); }

}  // namespace skep::sdk
