// SPDX-License-Identifier: Apache-2.0
// An independent reading of protobuf for tests: any message as a list of its fields, without the
// writer's code or its numbers. Fails the test on bytes that are no message.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace skep::sdk::otlp {

struct Message {
  struct Field {
    int number;
    int type;
    uint64_t value;     // types 0, 1, 5
    std::string bytes;  // type 2
  };
  std::vector<Field> fields;

  static Message Parse(const std::string& bytes) {
    Message message;
    size_t at = 0;
    auto varint = [&] {
      uint64_t value = 0;
      int shift = 0;
      while (at < bytes.size()) {
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        value += static_cast<uint64_t>(byte % 128) << shift;
        if (byte < 128) return value;
        shift += 7;
      }
      ADD_FAILURE() << "a varint is cut off";
      return value;
    };
    while (at < bytes.size()) {
      const uint64_t tag = varint();
      Field field{static_cast<int>(tag / 8), static_cast<int>(tag % 8), 0, ""};
      size_t size = 0;
      if (field.type == 0) field.value = varint();
      if (field.type == 1) size = 8;
      if (field.type == 5) size = 4;
      if (field.type == 2) size = varint();
      if (field.type == 3 || field.type == 4 || field.type > 5 || size > bytes.size() - at) {
        ADD_FAILURE() << "no message: field " << field.number << " of type " << field.type;
        return message;
      }
      if (field.type == 2) field.bytes = bytes.substr(at, size);
      if (field.type == 1 || field.type == 5) std::memcpy(&field.value, bytes.data() + at, size);
      at += size;
      message.fields.push_back(std::move(field));
    }
    return message;
  }

  std::vector<Message> All(int number) const {
    std::vector<Message> messages;
    for (const Field& field : fields) {
      if (field.number == number) messages.push_back(Parse(field.bytes));
    }
    return messages;
  }
  // The only field of this number, or the default.
  const Field& Only(int number) const {
    static const Field none{0, 0, 0, ""};
    const Field* found = &none;
    for (const Field& field : fields) {
      if (field.number != number) continue;
      EXPECT_EQ(found, &none) << "field " << number << " is there twice";
      found = &field;
    }
    return *found;
  }
  std::string Text(int number) const { return Only(number).bytes; }
  uint64_t Number(int number) const { return Only(number).value; }
  bool Has(int number) const {
    for (const Field& field : fields) {
      if (field.number == number) return true;
    }
    return false;
  }
};

}  // namespace skep::sdk::otlp
