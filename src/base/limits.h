// SPDX-License-Identifier: Apache-2.0
// Limits that every decoder takes. What is over a limit is an Error, never cut silently; the
// defaults are far above what the vendors allow, because their caps are what people complain about,
// and far below what could hurt the server.
#pragma once

#include <cstddef>

namespace skep {

struct Limits {
  size_t body_bytes_max = 64u << 20;  // after decompression; OTLP 1.11 recommends 64 MiB
  size_t depth_max = 32;              // of nested values
  size_t records_max =
      1u << 19;  // per request; below 2^20, the rows that an event id can tell apart
  size_t attributes_per_record_max = 4096;
  size_t attributes_per_request_max = 1u << 22;
  size_t keys_per_request_max = 16384;  // distinct attribute names
  size_t key_bytes_max = 1024;
  size_t string_bytes_max = 16u << 20;  // one value
};

}  // namespace skep
