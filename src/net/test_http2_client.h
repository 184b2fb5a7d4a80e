// SPDX-License-Identifier: Apache-2.0
// For tests: an HTTP/2 client with prior knowledge (nghttp2's), frames by hand for what no honest
// client says, and what a server says taken apart into frames. Blocking; one thread.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "net/test_client.h"

namespace skep::net {

struct Http2Answer {
  int status = 0;
  int informational = 0;                       // 100, where it came
  std::map<std::string, std::string> headers;  // without :status
  std::map<std::string, std::string> trailers;
  std::string body;
  bool closed = false;
  std::optional<uint32_t> reset;  // the code, when the stream did not end in peace
};

class Http2TestClient {
 public:
  // `window` is what the client takes of each stream before it says more.
  explicit Http2TestClient(uint16_t port, uint32_t window = 1u << 20);
  ~Http2TestClient();

  // Begins a request; not `whole`: the body goes on with More.
  int32_t Begin(const std::string& method, const std::string& path, const Headers& headers,
                std::string body, bool whole = true);
  void More(int32_t stream, std::string_view body, bool last);
  void Reset(int32_t stream);
  void Ping();
  void Send();
  // Reads until the stream is closed; not closed in the answer when the connection ended before.
  const Http2Answer& Wait(int32_t stream);
  const Http2Answer& Ask(const std::string& method, const std::string& path, const Headers& headers,
                         std::string body = {}) {
    return Wait(Begin(method, path, headers, std::move(body)));
  }
  const Http2Answer& answer(int32_t stream) const { return streams_.at(stream)->answer; }
  // Sends and reads once; false at the end of the connection.
  bool Turn();
  bool gone_away() const { return gone_away_; }
  int pongs() const { return pongs_; }

 private:
  struct Stream {
    Http2Answer answer;
    std::string body;
    size_t sent = 0;
    bool last = false;
    bool has_head = false;  // what comes now are trailers
  };
  static ssize_t ReadBody(nghttp2_session*, int32_t, uint8_t* out, size_t room, uint32_t* flags,
                          nghttp2_data_source* source, void*);
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                      void* user);
  static int OnData(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size,
                    void* user);
  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int OnClose(nghttp2_session*, int32_t stream, uint32_t code, void* user);

  TestClient client_;
  nghttp2_session* session_ = nullptr;
  std::map<int32_t, std::unique_ptr<Stream>> streams_;
  bool gone_away_ = false;
  int pongs_ = 0;
};

// The length-prefixed message of gRPC.
std::string GrpcMessage(std::string_view message, bool compressed = false);

inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// A frame (RFC 9113 section 4.1), well formed or not.
std::string Http2Frame(int type, int flags, uint32_t stream, std::string_view payload);
// A header field in HPACK, literal and not indexed; both shorter than 127 bytes.
std::string Http2Field(std::string_view name, std::string_view value);
// The fields of a POST of `path`.
std::string Http2PostFields(std::string_view path);

struct Http2SaidFrame {
  int type = 0;
  int flags = 0;
  uint32_t stream = 0;
  std::string payload;
};
std::vector<Http2SaidFrame> TakeHttp2Apart(std::string_view bytes);
// The code of the GOAWAY among all that the server says; empty when it just closed.
std::optional<uint32_t> GoAwayCode(std::string_view bytes);

}  // namespace skep::net
