// SPDX-License-Identifier: Apache-2.0
// Emitter: where finished segment documents go. UdpEmitter sends each as one datagram to the X-Ray
// daemon's port (header line, line feed, document), as X-Ray's SDKs do. Thread-safe; sending never
// blocks and never throws. A datagram has no answer: `sent` counts what the kernel took, and what
// the kernel says later of a port where nobody listens moves the last datagram's records to
// `rejected`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "skep/sdk/clock.h"
#include "skep/sdk/diagnostics.h"

namespace skep::sdk::xray {

// What a document may have: the largest UDP payload of IPv4 less the header line.
inline constexpr size_t kDocumentBytesMax = 65507 - 30;

class Emitter {
 public:
  virtual ~Emitter() = default;
  // One document of at most kDocumentBytesMax bytes with so many segments and subsegments in it.
  virtual void Send(std::string_view document, uint32_t records) noexcept = 0;
  // Whether everything given before has left the process; waits for it at most so long.
  virtual bool Flush(std::chrono::milliseconds timeout) noexcept = 0;
  // Counts segments and subsegments.
  virtual const std::shared_ptr<ExportCounters>& Counters() const noexcept = 0;
};

// `address` is that of AWS_XRAY_DAEMON_ADDRESS in any of its forms: "host:port", "[::1]:2000",
// "tcp:host:port udp:host:port". A host name is looked up by a thread of its own, which ends with
// the answer; until then up to 1 MiB of documents wait. Of several addresses the first of IPv4 is
// taken. It is looked up again when nobody listens there, at most every 30 s. With an address that
// cannot be read, every document counts as rejected and the diagnostics say why. `clock` must
// outlive the emitter.
std::shared_ptr<Emitter> UdpEmitter(const std::string& address,
                                    const Clock& clock = Clock::System());

}  // namespace skep::sdk::xray
