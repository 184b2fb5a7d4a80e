// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cstdlib>

#include "load/client.h"
#include "load/socket.h"

namespace skep::load {
namespace {

class HttpClient : public Client {
 public:
  explicit HttpClient(const Target& target)
      : target_(target),
        head_("POST " + target.path + " HTTP/1.1\r\nhost: " + target.host +
              "\r\nuser-agent: skep-load\r\n" + target.headers) {}

  Reply Send(std::string_view body) override {
    Reply reply;
    if (!socket_.connected() && !socket_.Connect(target_.host, target_.port)) return Broken();
    const std::string head = head_ + "content-length: " + std::to_string(body.size()) + "\r\n\r\n";
    if (!socket_.Write(head, body)) return Broken();
    answer_.clear();
    size_t end = std::string::npos;
    while ((end = answer_.find("\r\n\r\n")) == std::string::npos)
      if (!ReadMore()) return Broken();
    reply.status = answer_.size() > 12 ? answer_.substr(9, 3) : "no status";
    reply.accepted = reply.status == "200";
    reply.retry = reply.status == "429" || reply.status == "502" || reply.status == "503" ||
                  reply.status == "504";
    reply.retry_after_s = std::atof(Header("retry-after").c_str());
    const size_t length = static_cast<size_t>(std::atoll(Header("content-length").c_str()));
    while (answer_.size() < end + 4 + length)
      if (!ReadMore()) return Broken();
    if (answer_.find("ThrottlingException") != std::string::npos) reply.retry = true;  // AWS's 400
    return reply;
  }

 private:
  Reply Broken() { return {socket_.error(), false, true, 0.2}; }

  bool ReadMore() {
    std::array<char, 4096> buffer;
    const size_t got = socket_.Read(buffer.data(), buffer.size());
    answer_.append(buffer.data(), got);
    return got > 0;
  }

  // Value of a header of the answer; the name in lower case.
  std::string Header(std::string_view name) const {
    for (size_t at = answer_.find("\r\n"); at != std::string::npos;
         at = answer_.find("\r\n", at + 2)) {
      std::string_view line = std::string_view(answer_).substr(at + 2);
      line = line.substr(0, line.find("\r\n"));
      if (line.size() <= name.size() || line[name.size()] != ':') continue;
      bool same = true;
      for (size_t i = 0; i < name.size() && same; ++i) same = (line[i] | 32) == (name[i] | 32);
      if (same) return std::string(line.substr(name.size() + 1));
    }
    return {};
  }

  const Target target_;
  const std::string head_;
  Socket socket_;
  std::string answer_;
};

}  // namespace

std::unique_ptr<Client> MakeHttpClient(const Target& target) {
  return std::make_unique<HttpClient>(target);
}

}  // namespace skep::load
