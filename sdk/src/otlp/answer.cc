// SPDX-License-Identifier: Apache-2.0
#include "otlp/answer.h"

#include <algorithm>
#include <functional>

#include "otlp/utf8.h"

namespace skep::sdk::otlp {
namespace {

constexpr size_t kReasonBytesMax = 300;

// A field of a message: its number, and its value as a number or as bytes.
struct Field {
  uint64_t number = 0;
  uint64_t value = 0;
  std::string_view bytes;
};

// Reads messages shallowly. Unknown fields are the caller's to skip.
class ProtoReader {
 public:
  explicit ProtoReader(std::string_view bytes) : left_(bytes) {}
  bool AtEnd() const { return left_.empty(); }

  std::optional<Field> Next() {
    const std::optional<uint64_t> tag = Varint();
    if (!tag) return std::nullopt;
    Field field{.number = *tag >> 3, .value = 0, .bytes = {}};
    switch (*tag & 7) {
      case 0: {
        const std::optional<uint64_t> value = Varint();
        if (!value) return std::nullopt;
        field.value = *value;
        return field;
      }
      case 1:
        return Take(8, field);
      case 2: {
        const std::optional<uint64_t> size = Varint();
        return size ? Take(*size, field) : std::nullopt;
      }
      case 5:
        return Take(4, field);
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<uint64_t> Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(left_.front());
      left_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }
  std::optional<Field> Take(uint64_t size, Field field) {
    if (size > left_.size()) return std::nullopt;
    field.bytes = left_.substr(0, size);
    left_.remove_prefix(size);
    return field;
  }

  std::string_view left_;
};

bool ForEachField(std::string_view bytes, const std::function<void(const Field&)>& visit) {
  ProtoReader reader(bytes);
  while (!reader.AtEnd()) {
    const std::optional<Field> field = reader.Next();
    if (!field) return false;
    visit(*field);
  }
  return true;
}

// Receivers' words on one line of a log.
std::string Printable(std::string_view text) {
  std::string line(text.substr(0, kReasonBytesMax));
  CopyAsUtf8(std::string(line), line.data());
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return line;
}

std::string Reason(const HttpResponse& response) {
  if (response.status == 0) return Printable(response.error);
  std::string reason = "HTTP " + std::to_string(response.status);
  std::string words = response.body;
  if (response.Header("content-type").find("protobuf") != std::string_view::npos) {
    words = DecodeStatusMessage(response.body).value_or("");
  }
  if (!words.empty()) reason += ": " + Printable(words);
  return reason;
}

bool IsRetryable(int status) {
  return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

std::optional<PartialSuccess> DecodeResponse(std::string_view bytes) {
  PartialSuccess partial;
  bool inner_ok = true;
  const bool ok = ForEachField(bytes, [&](const Field& field) {
    if (field.number != 1) return;
    inner_ok = ForEachField(field.bytes, [&](const Field& inner) {
      if (inner.number == 1) partial.rejected = static_cast<int64_t>(inner.value);
      if (inner.number == 2) partial.message = std::string(inner.bytes);
    });
  });
  if (!ok || !inner_ok) return std::nullopt;
  return partial;
}

std::optional<std::string> DecodeStatusMessage(std::string_view bytes) {
  std::string message;
  const bool ok = ForEachField(bytes, [&](const Field& field) {
    if (field.number == 2) message = std::string(field.bytes);
  });
  if (!ok) return std::nullopt;
  return message;
}

Attempt Judge(const HttpResponse& response, int64_t now_unix_ns) {
  Attempt attempt;
  if (response.status >= 200 && response.status < 300) {
    attempt.result = Attempt::Result::kDelivered;
    // Some receivers answer with other bodies; what matters is that they took it.
    const std::optional<PartialSuccess> partial = DecodeResponse(response.body);
    if (partial) {
      attempt.rejected_records =
          static_cast<uint32_t>(std::clamp<int64_t>(partial->rejected, 0, UINT32_MAX));
      attempt.reason = Printable(partial->message);
    }
    return attempt;
  }
  attempt.reason = Reason(response);
  if (IsRetryable(response.status)) {
    attempt.result = Attempt::Result::kRetry;
    attempt.retry_after = RetryAfter(response, now_unix_ns);
  } else {
    attempt.result = Attempt::Result::kRejected;
  }
  return attempt;
}

}  // namespace skep::sdk::otlp
