// SPDX-License-Identifier: Apache-2.0
#include <skep/sdk/sdk.h>

int main() {
  const auto sdk = skep::sdk::Sdk::FromEnvironment();
  skep::sdk::ActiveSpan span = sdk->Traces().GetTracer("user").StartActiveSpan("installed");
  span->SetAttribute("app.user_handle", "andrewbrown");
  return 0;
}
