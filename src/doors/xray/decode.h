// SPDX-License-Identifier: Apache-2.0
// What reaches the door as bodies: datagrams of the daemon's port, and PutTraceSegments. Each
// document becomes records with views into the body or the batch; what is refused is counted in
// RecordBatch::rejected(). Pure: the same body gives the same batch.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "doors/xray/segment_decoder.h"
#include "ingest/sink.h"
#include "model/record_batch.h"

namespace skep::xray {

// A body of datagrams, each behind its length as four bytes in the machine's order: the journal's
// form of what came over UDP.
void AppendDatagram(std::string_view datagram, Bytes* body);
Result<RecordBatch> DecodeDatagrams(Bytes body, const Limits& limits);

// The document in a datagram: what follows the header line `{"format":"json","version":1}`. Empty
// for a datagram without such a line, which the daemon drops too.
std::string_view DocumentOf(std::string_view datagram);

// The body of PutTraceSegments. An error means that the request itself is wrong; its code is
// kInvalidArgument for a bad parameter and kFailedPrecondition for a body that is no JSON.
// `refusals`, unless null, gets the documents that were not taken; their ids live as long as the
// batch.
Result<RecordBatch> DecodePutSegments(Bytes body, const Limits& limits,
                                      std::vector<Refusal>* refusals);

}  // namespace skep::xray
