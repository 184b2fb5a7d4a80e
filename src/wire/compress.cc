// SPDX-License-Identifier: Apache-2.0
#include "wire/compress.h"

#define ZLIB_CONST  // next_in is const then
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"

namespace skep {
namespace {

constexpr size_t kFirstStep = 16u << 10;
constexpr int kZstdWindowLogMax = 23;
constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;

Error Corrupt(std::string_view name) {
  return {Code::kInvalidArgument, "the body is not valid " + std::string(name)};
}

Error TooLarge(size_t bytes_max) {
  return {Code::kOutOfRange,
          "the body expands to more than " + std::to_string(bytes_max) + " bytes"};
}

// Room for what comes out: grows by doubling, never past the limit.
class Output {
 public:
  Output(size_t expected, size_t bytes_max) : bytes_max_(bytes_max) {
    bytes_.Reserve(std::min(std::max(expected, kFirstStep), bytes_max));
  }

  char* end() { return bytes_.data() + bytes_.size(); }
  size_t room() const { return std::min(bytes_.capacity(), bytes_max_) - bytes_.size(); }
  bool full() const { return bytes_.size() == bytes_max_; }
  void Wrote(size_t size) { bytes_.ResizeUninitialized(bytes_.size() + size); }

  // False at the limit.
  bool Grow() {
    if (full()) return false;
    Bytes bigger;  // a fresh one, because growing in place rounds up past the limit
    bigger.Reserve(std::min(bytes_max_, bytes_.size() * 2 + kFirstStep));
    bigger.Append(bytes_.view());
    bytes_ = std::move(bigger);
    return true;
  }

  Bytes Take() { return std::move(bytes_); }

 private:
  const size_t bytes_max_;
  Bytes bytes_;
};

class Inflater {
 public:
  Inflater() { SKEP_CHECK(inflateInit2(&stream_, kZlibWindow) == Z_OK); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<Bytes> Run(int window, std::string_view name, std::string_view input, size_t bytes_max) {
    Output output(input.size() * 4, bytes_max);
    while (true) {  // gzip members may follow one another (RFC 1952 section 2.2)
      SKEP_CHECK(inflateReset2(&stream_, window) == Z_OK);
      SKEP_ASSIGN(const size_t used, RunMember(name, input, bytes_max, &output));
      input.remove_prefix(used);
      if (input.empty()) return output.Take();
      if (window != kGzipWindow) return Corrupt(name);
    }
  }

 private:
  // How many bytes of the input the member took.
  Result<size_t> RunMember(std::string_view name, std::string_view input, size_t bytes_max,
                           Output* output) {
    size_t given = 0;
    stream_.avail_in = 0;
    while (true) {
      if (stream_.avail_in == 0 && given < input.size()) {
        const size_t step = std::min<size_t>(input.size() - given, 1u << 30);
        stream_.next_in = reinterpret_cast<const Bytef*>(input.data() + given);
        stream_.avail_in = static_cast<uInt>(step);
        given += step;
      }
      char past_limit =
          0;  // at the limit one byte more tells the end of the data from too much of it
      const bool full = output->full();
      const size_t room = full ? 1 : std::min<size_t>(output->room(), 1u << 30);
      stream_.next_out = reinterpret_cast<Bytef*>(full ? &past_limit : output->end());
      stream_.avail_out = static_cast<uInt>(room);
      const int code = inflate(&stream_, Z_NO_FLUSH);
      const size_t wrote = room - stream_.avail_out;
      if (full && wrote != 0) return TooLarge(bytes_max);
      if (!full) output->Wrote(wrote);
      if (code == Z_STREAM_END) return given - stream_.avail_in;
      if (code != Z_OK && code != Z_BUF_ERROR) return Corrupt(name);
      if (stream_.avail_out == 0) {
        if (!full && output->room() == 0) output->Grow();
      } else if (given == input.size() && stream_.avail_in == 0) {
        return Corrupt(name);  // cut short
      }
    }
  }

  z_stream stream_ = {};
};

Result<Bytes> Inflate(int window, std::string_view name, std::string_view input, size_t bytes_max) {
  thread_local Inflater inflater;
  return inflater.Run(window, name, input, bytes_max);
}

// RFC 9110 means the zlib format by `deflate`; some clients send the bare one. The zlib header has
// a checksum.
bool HasZlibHeader(std::string_view input) {
  if (input.size() < 2) return false;
  const auto first = static_cast<unsigned char>(input[0]);
  const auto second = static_cast<unsigned char>(input[1]);
  return (first & 15) == 8 && (first >> 4) <= 7 && (first << 8 | second) % 31 == 0;
}

struct FreeZstd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Result<Bytes> DecompressZstd(std::string_view input, size_t bytes_max) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
  SKEP_CHECK(context != nullptr);
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  Output output(input.size() * 4, bytes_max);
  ZSTD_inBuffer in = {input.data(), input.size(), 0};
  while (true) {
    char past_limit = 0;
    const bool full = output.full();
    ZSTD_outBuffer out = {full ? &past_limit : output.end(), full ? 1 : output.room(), 0};
    const size_t code = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(code)) return Corrupt("zstd");
    if (full && out.pos != 0) return TooLarge(bytes_max);
    if (!full) output.Wrote(out.pos);
    if (in.pos == in.size && code == 0) return output.Take();
    if (out.pos == out.size) {
      if (!full && output.room() == 0) output.Grow();
    } else if (in.pos == in.size) {
      return Corrupt("zstd");  // cut short
    }
  }
}

}  // namespace

std::optional<Compression> ParseCompression(std::string_view name) {
  const std::string lower = ToLower(name);
  if (lower.empty() || lower == "identity") return Compression::kNone;
  if (lower == "gzip" || lower == "x-gzip") return Compression::kGzip;
  if (lower == "deflate") return Compression::kDeflate;
  if (lower == "zstd") return Compression::kZstd;
  return std::nullopt;
}

Result<Bytes> Decompress(Compression compression, std::string_view input, size_t bytes_max) {
  switch (compression) {
    case Compression::kNone:
      if (input.size() > bytes_max) return TooLarge(bytes_max);
      return Bytes(input);
    case Compression::kGzip:
      return Inflate(kGzipWindow, "gzip", input, bytes_max);
    case Compression::kDeflate:
      return Inflate(HasZlibHeader(input) ? kZlibWindow : kRawWindow, "deflate", input, bytes_max);
    case Compression::kZstd:
      break;
  }
  if (input.empty()) return Corrupt("zstd");
  return DecompressZstd(input, bytes_max);
}

std::string CompressGzip(std::string_view input, int level) {
  z_stream stream = {};
  SKEP_CHECK(input.size() <= (1u << 31));
  SKEP_CHECK(deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
  stream.next_in = reinterpret_cast<const Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  SKEP_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string CompressZstd(std::string_view input, int level) {
  std::string out(ZSTD_compressBound(input.size()), '\0');
  const size_t size = ZSTD_compress(out.data(), out.size(), input.data(), input.size(), level);
  SKEP_CHECK(!ZSTD_isError(size));
  out.resize(size);
  return out;
}

}  // namespace skep
