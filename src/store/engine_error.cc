// SPDX-License-Identifier: Apache-2.0
#include "store/engine_error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace skep {
namespace {

constexpr size_t kMessageBytesMax = 500;

// Numbers of src/Common/ErrorCodes.cpp in ClickHouse.
struct KnownCode {
  int engine;
  Code code;
  std::string_view message;  // empty: the engine's own text, which speaks about the question
};

constexpr std::array kKnownCodes = {
    KnownCode{394, Code::kCancelled, "the query was cancelled"},
    KnownCode{159, Code::kDeadlineExceeded, "the query took too long"},
    KnownCode{160, Code::kDeadlineExceeded, "the query would take too long"},
    KnownCode{209, Code::kUnavailable, "the store does not answer"},
    KnownCode{210, Code::kUnavailable, "the store cannot be reached"},
    KnownCode{241, Code::kResourceExhausted, "the query needs too much memory"},
    KnownCode{158, Code::kResourceExhausted, "the query reads too many rows"},
    KnownCode{307, Code::kResourceExhausted, "the query reads too much"},
    KnownCode{396, Code::kResourceExhausted, "the answer is too large"},
    KnownCode{191, Code::kResourceExhausted, "a set of the query is too large"},
    KnownCode{202, Code::kResourceExhausted, "too many queries at once"},
    KnownCode{252, Code::kResourceExhausted, "the store cannot keep up"},
    KnownCode{243, Code::kResourceExhausted, "the disk is full"},
    KnownCode{164, Code::kPermissionDenied, ""},
    KnownCode{497, Code::kPermissionDenied, ""},
    KnownCode{49, Code::kInternal, "the engine failed"},    // LOGICAL_ERROR
    KnownCode{1001, Code::kInternal, "the engine failed"},  // STD_EXCEPTION
    KnownCode{1002, Code::kInternal, "the engine failed"},  // UNKNOWN_EXCEPTION
    KnownCode{236, Code::kUnavailable, "the engine is stopping"},
    KnownCode{242, Code::kUnavailable, "the table is read-only at the moment"},
    KnownCode{40, Code::kDataLoss, "stored data is damaged"},   // CHECKSUM_DOESNT_MATCH
    KnownCode{271, Code::kDataLoss, "stored data is damaged"},  // CANNOT_DECOMPRESS
    KnownCode{107, Code::kDataLoss, "stored data is missing"},  // FILE_DOESNT_EXIST
    KnownCode{74, Code::kUnavailable, "the disk cannot be read"},
    KnownCode{75, Code::kUnavailable, "the disk cannot be written"},
    KnownCode{76, Code::kUnavailable, "a file cannot be opened"},
};

// Of those that an insert may get: our block is not as the table wants it.
constexpr std::array kBlockCodes = {
    6,    // CANNOT_PARSE_TEXT
    7,    // INCORRECT_NUMBER_OF_COLUMNS
    8,    // THERE_IS_NO_COLUMN
    10,   // NOT_FOUND_COLUMN_IN_BLOCK
    15,   // DUPLICATE_COLUMN
    16,   // NO_SUCH_COLUMN_IN_TABLE
    27,   // CANNOT_PARSE_INPUT_ASSERTION_FAILED
    32,   // ATTEMPT_TO_READ_AFTER_EOF
    33,   // CANNOT_READ_ALL_DATA
    44,   // ILLEGAL_COLUMN
    50,   // UNKNOWN_TYPE
    53,   // TYPE_MISMATCH
    70,   // CANNOT_CONVERT_TYPE
    117,  // INCORRECT_DATA
    131,  // TOO_LARGE_STRING_SIZE
};

bool IsDiskFull(std::string_view text) {
  return text.find("errno: 28") != std::string_view::npos ||
         text.find("No space left on device") != std::string_view::npos;
}

// `Code: 47. DB::Exception: TEXT (NAME)` without what comes before TEXT.
std::string MessageOf(std::string_view text) {
  constexpr std::string_view kMark = "DB::Exception: ";
  if (const size_t at = text.find(kMark); at != std::string_view::npos)
    text.remove_prefix(at + kMark.size());
  return std::string(text.substr(0, kMessageBytesMax));
}

const KnownCode* FindKnown(int engine_code) {
  const auto at = std::ranges::find(kKnownCodes, engine_code, &KnownCode::engine);
  return at == kKnownCodes.end() ? nullptr : &*at;
}

Error ErrorOf(const KnownCode& known, std::string_view text) {
  return {known.code, known.message.empty() ? MessageOf(text) : std::string(known.message),
          std::string(text)};
}

}  // namespace

int EngineCode(std::string_view text) {
  constexpr std::string_view kMark = "Code: ";
  const size_t at = text.find(kMark);
  if (at == std::string_view::npos) return 0;
  int code = 0;
  const char* end = text.data() + text.size();
  std::from_chars(text.data() + at + kMark.size(), end, code);
  return code;
}

Error QueryError(std::string_view text) {
  const int engine_code = EngineCode(text);
  if (IsDiskFull(text)) return {Code::kResourceExhausted, "the disk is full", std::string(text)};
  if (const KnownCode* known = FindKnown(engine_code)) return ErrorOf(*known, text);
  if (engine_code == 0) return {Code::kInternal, "the engine failed", std::string(text)};
  return {Code::kInvalidArgument, MessageOf(text), std::string(text)};
}

Error InsertError(std::string_view text) {
  const int engine_code = EngineCode(text);
  if (IsDiskFull(text)) return {Code::kResourceExhausted, "the disk is full", std::string(text)};
  if (std::ranges::find(kBlockCodes, engine_code) != kBlockCodes.end())
    return {Code::kInvalidArgument, "the engine refuses the block", std::string(text)};
  const KnownCode* known = FindKnown(engine_code);
  if (known != nullptr && known->code == Code::kDeadlineExceeded) return ErrorOf(*known, text);
  return {Code::kUnavailable, "the block could not be stored", std::string(text)};
}

}  // namespace skep
