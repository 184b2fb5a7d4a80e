// SPDX-License-Identifier: Apache-2.0
// link: net
#include "net/http1_head.h"
#include "net_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  size_t searched = 0;
  const auto end = skep::net::FindHeadEnd(bytes, &searched);
  for (size_t cut = searched = 0; cut < size && cut < 200; ++cut)
    SKEP_CHECK(!skep::net::FindHeadEnd(bytes.substr(0, cut), &searched) || (end && *end <= cut));
  SKEP_CHECK(skep::net::FindHeadEnd(bytes, &searched) == end);
  const auto head = skep::net::ParseHttp1Head(bytes.substr(0, end.value_or(size)));
  SKEP_CHECK(head || skep::net::StatusOfHeadError(head.error()) >= 400);
  if (!head) return 0;
  SKEP_CHECK(!head->method.empty() && (!head->chunked || head->content_length == 0));
  for (const auto& [name, value] : head->headers)
    SKEP_CHECK(!name.empty() && (name + value).find_first_of({"\r\n\0", 3}) == std::string::npos);
  return 0;
}
