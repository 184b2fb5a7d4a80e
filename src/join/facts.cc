// SPDX-License-Identifier: Apache-2.0
#include "join/facts.h"

#include <charconv>
#include <unordered_map>

namespace skep::join {
namespace {

constexpr FactName kNames[] = {
    {"http.request.method", Fact::kMethod},
    {"http.method", Fact::kMethod},
    {"request.method", Fact::kMethod},
    {"url.full", Fact::kUrl},
    {"http.url", Fact::kUrl},
    {"url.path", Fact::kPath},
    {"request.path", Fact::kPath},
    {"http.target", Fact::kTarget},
    {"url.query", Fact::kQuery},
    {"http.host", Fact::kHttpHost},
    {"request.host", Fact::kHttpHost},
    {"server.address", Fact::kServerAddress},
    {"net.host.name", Fact::kServerAddress},
    {"server.port", Fact::kServerPort},
    {"net.host.port", Fact::kServerPort},
    {"http.response.status_code", Fact::kStatus},
    {"http.status_code", Fact::kStatus},
    {"response.status_code", Fact::kStatus},
    {"client.address", Fact::kClient},
    {"http.client_ip", Fact::kClient},
    {"network.peer.address", Fact::kPeer},
    {"net.sock.peer.addr", Fact::kPeer},
    {"net.peer.ip", Fact::kPeer},
    {"request.remote_addr", Fact::kPeer},
    {"aws.xray.x_forwarded_for", Fact::kForwarded},
    {"service.name", Fact::kServiceName},
    {"service.instance.id", Fact::kInstance},
    {"host.name", Fact::kHostName},
    {"meta.local_hostname", Fact::kHostName},
    {"process.pid", Fact::kPid},
    {"exception.type", Fact::kExceptionType},
    {"exception.message", Fact::kExceptionMessage},
    {"aws.xray.document", Fact::kXRayDocument},
    {"aws.log.group.name", Fact::kLogGroup},
    {"aws.log.stream.name", Fact::kLogStream},
    {"message", Fact::kMessage},
    {"msg", Fact::kMessage},
};

}  // namespace

std::span<const FactName> FactNames() { return kNames; }

std::optional<size_t> FindFactName(std::string_view attribute) {
  static const auto* const index = [] {
    auto* map = new std::unordered_map<std::string_view, size_t>;
    for (size_t i = 0; i < std::size(kNames); ++i) map->emplace(kNames[i].name, i);
    return map;
  }();
  const auto found = index->find(attribute);
  if (found == index->end()) return std::nullopt;
  return found->second;
}

Facts::Entry* Facts::Better(size_t rank) {
  Entry& entry = entries_[static_cast<size_t>(kNames[rank].fact)];
  if (entry.rank <= rank) return nullptr;
  entry = {{}, 0, rank};
  return &entry;
}

void Facts::Set(size_t rank, const Value& value) {
  if (value.type() == ValueType::kString) {
    SetText(rank, value.text());
  } else if (value.type() != ValueType::kFloat64) {
    if (Entry* entry = Better(rank)) entry->number = value.int64();
  }
}

void Facts::SetText(size_t rank, std::string_view text) {
  if (text.empty()) return;
  Entry* entry = Better(rank);
  if (entry == nullptr) return;
  entry->text = text;
  // A number that was sent as text, or came as text from a query.
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry->number);
  if (error != std::errc() || end != text.data() + text.size()) entry->number = 0;
}

}  // namespace skep::join
