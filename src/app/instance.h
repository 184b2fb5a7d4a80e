// SPDX-License-Identifier: Apache-2.0
// Instance: one running server: every part, put together in the order in which they need each
// other, and taken apart in the other one. The only place that knows them all. Create and Shutdown
// from one thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/options.h"
#include "base/result.h"

namespace skep::app {

// Name as in the page's API (`http`, `otlp_grpc`, `xray_udp` ...) and URL, or HOST:PORT for UDP.
using Addresses = std::vector<std::pair<std::string, std::string>>;

class Instance {
 public:
  // Opens what is kept, recovers what a crash left, and listens. Nothing is answered before all of
  // it is done.
  static Result<std::unique_ptr<Instance>> Create(const ServeOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const Addresses& addresses() const;
  // Stops accepting, answers what it holds, stores what it acknowledged.
  void Shutdown();

 private:
  struct Impl;
  explicit Instance(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace skep::app
