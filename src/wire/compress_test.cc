// SPDX-License-Identifier: Apache-2.0
#include "wire/compress.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

namespace skep {
namespace {

constexpr size_t kMax = 8u << 20;
constexpr Compression kAll[] = {Compression::kGzip, Compression::kDeflate, Compression::kZstd};

std::string Deflate(std::string_view input, int window) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
  std::string copy(input);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Compressed(Compression compression, std::string_view input) {
  switch (compression) {
    case Compression::kGzip:
      return CompressGzip(input);
    case Compression::kDeflate:
      return Deflate(input, 15);
    case Compression::kZstd:
      return CompressZstd(input);
    case Compression::kNone:
      break;
  }
  return std::string(input);
}

std::string Noise(size_t size) {
  std::mt19937 random(7);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random() % 60 + 'A');
  return out;
}

TEST(Compress, RoundTrips) {
  for (const Compression compression : kAll)
    for (const std::string& text : {std::string(), std::string("x"), Noise(300), Noise(200'000),
                                    std::string(3'000'000, 'a')}) {
      const auto bytes = Decompress(compression, Compressed(compression, text), kMax);
      ASSERT_TRUE(bytes) << bytes.error().message;
      EXPECT_TRUE(bytes->view() == text);
    }
}

TEST(Compress, RawDeflate) {
  const std::string text = Noise(50'000);
  const auto bytes = Decompress(Compression::kDeflate, Deflate(text, -15), kMax);
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(bytes->view() == text);
}

TEST(Compress, SeveralMembers) {
  for (const Compression compression : {Compression::kGzip, Compression::kZstd}) {
    const auto bytes = Decompress(
        compression, Compressed(compression, "one ") + Compressed(compression, "two"), kMax);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->view(), "one two");
  }
}

TEST(Compress, TheLimitIsExact) {
  for (const Compression compression : kAll)
    for (const size_t size : {size_t{1}, size_t{16'384}, size_t{16'385}, size_t{100'000}}) {
      const std::string compressed = Compressed(compression, Noise(size));
      const auto fits = Decompress(compression, compressed, size);
      ASSERT_TRUE(fits) << fits.error().message;
      EXPECT_EQ(fits->size(), size);
      const auto over = Decompress(compression, compressed, size - 1);
      ASSERT_FALSE(over);
      EXPECT_EQ(over.error().code, Code::kOutOfRange);
    }
}

TEST(Compress, ABombTakesNoMoreThanTheLimit) {
  for (const Compression compression : kAll) {
    const std::string bomb = Compressed(compression, std::string(64u << 20, '\0'));
    ASSERT_LT(bomb.size(), 100'000u);
    const auto bytes = Decompress(compression, bomb, 1u << 20);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, Code::kOutOfRange);
  }
}

TEST(Compress, EveryCutIsRefused) {
  for (const Compression compression : kAll) {
    const std::string compressed = Compressed(compression, Noise(500));
    for (size_t size = 0; size < compressed.size(); ++size) {
      const auto bytes =
          Decompress(compression, std::string_view(compressed).substr(0, size), kMax);
      ASSERT_FALSE(bytes) << size;
      EXPECT_EQ(bytes.error().code, Code::kInvalidArgument);
    }
  }
}

TEST(Compress, RefusesWhatFollows) {
  for (const Compression compression : kAll)
    EXPECT_FALSE(Decompress(compression, Compressed(compression, "abc") + "tail", kMax));
}

TEST(Compress, RefusesOtherBytes) {
  for (const Compression compression : kAll)
    for (const std::string_view bad :
         {"{}", "plain text, long enough to look at", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd"})
      EXPECT_FALSE(Decompress(compression, bad, kMax)) << bad;
}

TEST(Compress, RefusesAChangedByte) {
  std::string compressed = CompressGzip(Noise(500));
  compressed[compressed.size() - 6] =
      static_cast<char>(compressed[compressed.size() - 6] ^ 1);  // in the checksum
  EXPECT_FALSE(Decompress(Compression::kGzip, compressed, kMax));
}

TEST(Compress, RefusesAHugeZstdWindow) {
  // Magic, descriptor without a content size, a window of 2^27 bytes, one raw last block of one
  // byte.
  const std::string frame("\x28\xb5\x2f\xfd\x00\x88\x09\x00\x00x", 10);
  EXPECT_FALSE(Decompress(Compression::kZstd, frame, kMax));
}

TEST(Compress, PlainHasTheLimitToo) {
  EXPECT_TRUE(Decompress(Compression::kNone, "abc", 3));
  EXPECT_FALSE(Decompress(Compression::kNone, "abcd", 3));
}

TEST(Compress, Names) {
  EXPECT_EQ(ParseCompression(""), Compression::kNone);
  EXPECT_EQ(ParseCompression("GZip"), Compression::kGzip);
  EXPECT_EQ(ParseCompression("x-gzip"), Compression::kGzip);
  EXPECT_EQ(ParseCompression("deflate"), Compression::kDeflate);
  EXPECT_EQ(ParseCompression("zstd"), Compression::kZstd);
  for (const std::string_view unknown : {"br", "gzip, gzip", "snappy", "gzip "})
    EXPECT_FALSE(ParseCompression(unknown));
}

}  // namespace
}  // namespace skep
