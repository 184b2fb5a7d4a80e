// SPDX-License-Identifier: Apache-2.0
// [environment]
#include <skep/sdk/sdk.h>

int main() {
  const auto sdk = skep::sdk::Sdk::FromEnvironment();
  const skep::sdk::Tracer tracer = sdk->Traces().GetTracer("home.activities");
  skep::sdk::ActiveSpan span = tracer.StartActiveSpan("create-activity");
  span->SetAttribute("app.user_handle", "andrewbrown");
  sdk->Logs().GetLogger("home").Info("created");
}  // what is left is sent, for at most 5 s
// [/environment]
