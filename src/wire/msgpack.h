// SPDX-License-Identifier: Apache-2.0
// MsgpackTape: reads one MessagePack value (github.com/msgpack/msgpack, spec.md) into a flat list
// of tokens that point into the bytes: no tree, no copies, no allocation once warm, no recursion.
// Takes timestamps (extension -1) and says of other extensions only their bytes. Refused: names
// that are no text, trailing bytes, timestamps that no clock can show. Text is as it was sent:
// nobody has looked whether it is UTF-8. The bytes must outlive the use of the tape.
// Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace skep {

class MsgpackTape {
 public:
  // Far more than what a body has, and not more memory than a server can spare.
  static constexpr size_t kTokensMax = size_t{1} << 22;

  enum class Type : uint8_t {
    kNull,
    kBool,
    kInt64,
    kFloat64,  // also integers beyond 63 bits
    kString,
    kBinary,  // and extensions
    kTime,    // nanoseconds since 1970 in int64
    kArray,
    kMap,
  };
  // A value, or the name of the member that the next token is the value of (then kString).
  struct Token {
    Type type = Type::kNull;
    uint32_t begin = 0;  // of text and bytes
    uint32_t end = 0;
    uint32_t next = 0;  // index of the token behind this value and everything in it
    union {
      int64_t int64 = 0;
      double float64;
    };
  };

  // False for what is no MessagePack, nested deeper than depth_max (at most 512), or of more than
  // kTokensMax values; the tape is then empty.
  bool Parse(std::string_view bytes, size_t depth_max = 64);

  // The root is token 0; a map's members follow it as name and value, an array's elements as
  // values.
  const std::vector<Token>& tokens() const { return tokens_; }
  std::string_view Text(const Token& token) const {
    return bytes_.substr(token.begin, token.end - token.begin);
  }

 private:
  struct Open {
    uint32_t token = 0;
    uint64_t left = 0;  // names and values still to come
    bool map = false;
  };

  bool ParseAll(size_t depth_max);
  // One value or the head of a container, whose size then is in *children.
  bool ParseHead(uint64_t* children);
  bool ParseWide(uint8_t lead, uint64_t* children);
  bool ParseExtension(size_t size);
  bool ParseTime(std::string_view payload);
  bool PushContainer(Type type, uint64_t size, uint64_t* children);
  bool PushBytes(Type type, size_t size);
  void PushUnsigned(uint64_t value);
  Token& Push(Type type);
  // The next `size` bytes as a number, big endian.
  bool Number(size_t size, uint64_t* value);

  std::string_view bytes_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace skep
