// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "setup/test_answer_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  skep::sdk::fuzz::CheckAnswers({reinterpret_cast<const char*>(data), size});
  return 0;
}
