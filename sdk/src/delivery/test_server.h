// SPDX-License-Identifier: Apache-2.0
// TestServer: a socket server of a few lines for tests: reads requests one after another, keeps
// them, and answers each with what the test says. With TLS if it is given a certificate. One
// connection at a time, on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace skep::sdk {

class TestServer {
 public:
  // The bytes of the answer to a request (its head and body); empty closes the connection instead.
  using Handler = std::function<std::string(const std::string& request)>;

  explicit TestServer(Handler handler, SSL_CTX* tls = nullptr)
      : handler_(std::move(handler)), tls_(tls) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        listen(listener_, 8) == 0 &&
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
      port_ = ntohs(address.sin_port);
    }
    thread_ = std::thread([this] { Serve(); });
  }
  ~TestServer() {
    stop_ = true;
    thread_.join();
    close(listener_);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string Address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string Url() const { return (tls_ == nullptr ? "http://" : "https://") + Address(); }
  int Connections() const { return connections_; }
  std::vector<std::string> Requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // An answer with a Content-Length.
  static std::string Answer(const std::string& status, const std::string& headers,
                            const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           headers + "\r\n" + body;
  }

 private:
  bool Readable(int fd) const {
    while (!stop_) {
      pollfd waiting{fd, POLLIN, 0};
      if (poll(&waiting, 1, 10) > 0) return true;
    }
    return false;
  }

  void Serve() {
    sigset_t pipe;  // OpenSSL writes to clients that hung up
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (Readable(listener_)) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      ++connections_;
      SSL* ssl = tls_ == nullptr ? nullptr : SSL_new(tls_);
      if (ssl != nullptr) SSL_set_fd(ssl, fd);
      if (ssl == nullptr || SSL_accept(ssl) == 1) Converse(fd, ssl);
      SSL_free(ssl);
      close(fd);
    }
  }

  void Converse(int fd, SSL* ssl) {
    std::string buffer;
    char chunk[65536];
    while ((ssl != nullptr && SSL_pending(ssl) > 0) || Readable(fd)) {
      const ssize_t got =
          ssl != nullptr ? SSL_read(ssl, chunk, sizeof chunk) : recv(fd, chunk, sizeof chunk, 0);
      if (got <= 0) return;
      buffer.append(chunk, static_cast<size_t>(got));
      const size_t whole = WholeRequest(buffer);
      if (whole == 0) continue;
      const std::string request = buffer.substr(0, whole);
      buffer.erase(0, whole);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string answer = handler_(request);
      if (answer.empty() || !Write(fd, ssl, answer)) return;
    }
  }

  // The size of the first request if all of it is there, else 0.
  static size_t WholeRequest(const std::string& buffer) {
    const size_t head = buffer.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    const size_t length = buffer.find("Content-Length: ");
    const size_t body = length < head ? std::stoul(buffer.substr(length + 16)) : 0;
    return buffer.size() >= head + 4 + body ? head + 4 + body : 0;
  }

  static bool Write(int fd, SSL* ssl, std::string_view bytes) {
    while (!bytes.empty()) {
      const int size = static_cast<int>(std::min<size_t>(bytes.size(), 1 << 16));
      const ssize_t put = ssl != nullptr
                              ? SSL_write(ssl, bytes.data(), size)
                              : send(fd, bytes.data(), static_cast<size_t>(size), MSG_NOSIGNAL);
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(put));
    }
    return true;
  }

  const Handler handler_;
  SSL_CTX* const tls_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;  // guards requests_
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace skep::sdk
