// SPDX-License-Identifier: Apache-2.0
// link: net
#include "net_properties.h"

// The input is what follows the preface: frames.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto* const server = new skep::net::FuzzServer;  // for the life of the process
  static const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string_view frames(reinterpret_cast<const char*>(data), size);
  server->Exchange(preface + std::string(frames));
  return 0;
}
