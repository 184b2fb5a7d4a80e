// SPDX-License-Identifier: Apache-2.0
// HTTP content codings: gzip (RFC 1952), deflate (RFC 1950, and RFC 1951 as some clients send it)
// and zstd (RFC 8878, window at most 8 MB as RFC 9659 has it). Expansion stops at a limit, so that
// a bomb never takes more memory than it. Thread-safe: each thread keeps its own decoder state.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace skep {

enum class Compression { kNone, kGzip, kDeflate, kZstd };

// A content-encoding or grpc-encoding value, in any case; empty for one that is not known.
std::optional<Compression> ParseCompression(std::string_view name);

// The whole of `input` expanded. kOutOfRange past `bytes_max`, kInvalidArgument for bytes that are
// corrupt, cut short or followed by others.
Result<Bytes> Decompress(Compression compression, std::string_view input, size_t bytes_max);

// For what is sent and stored; the levels are the libraries' own.
std::string CompressGzip(std::string_view input, int level = 6);
std::string CompressZstd(std::string_view input, int level = 3);

}  // namespace skep
