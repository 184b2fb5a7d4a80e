// SPDX-License-Identifier: Apache-2.0
#include "delivery/http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <charconv>
#include <mutex>

namespace skep::sdk {
namespace {

constexpr size_t kBodyBytesMax = 1 << 20;
constexpr size_t kHeadersMax = 256;
constexpr size_t kHeaderBytesMax = 64 * 1024;
constexpr std::chrono::milliseconds kRetryAfterMax = std::chrono::hours(1);

std::string_view Trim(std::string_view text) {
  auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// Keeps SIGPIPE from the program while OpenSSL writes to a socket that the other side closed: some
// versions write without MSG_NOSIGNAL.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~SigpipeGuard() {
    if (!was_pending_) {
      const timespec at_once{0, 0};
      while (sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

struct Receiving {
  HttpResponse response;
  size_t header_bytes = 0;
  bool body_cut = false;
};

size_t OnHeader(char* data, size_t size, size_t count, void* user) noexcept {
  auto& receiving = *static_cast<Receiving*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {  // a 100 Continue came before the answer itself
    receiving.response.headers.clear();
    receiving.header_bytes = 0;
    return line.size();
  }
  const size_t colon = line.find(':');
  receiving.header_bytes += line.size();
  if (colon != std::string_view::npos && receiving.header_bytes <= kHeaderBytesMax &&
      receiving.response.headers.size() < kHeadersMax) {
    receiving.response.headers.emplace_back(Lower(Trim(line.substr(0, colon))),
                                            Trim(line.substr(colon + 1)));
  }
  return line.size();
}

size_t OnBody(char* data, size_t size, size_t count, void* user) noexcept {
  auto& receiving = *static_cast<Receiving*>(user);
  std::string& body = receiving.response.body;
  const size_t taken = std::min(size * count, kBodyBytesMax - body.size());
  body.append(data, taken);
  receiving.body_cut = taken < size * count;
  return taken;  // less than was offered ends the transfer
}

class CurlClient : public HttpClient {
 public:
  explicit CurlClient(HttpClientOptions options) : options_(std::move(options)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    easy_ = curl_easy_init();
    multi_ = curl_multi_init();
  }
  ~CurlClient() override {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  HttpResponse Do(const HttpRequest& request) override {
    Receiving receiving;
    if (easy_ == nullptr || multi_ == nullptr) {
      receiving.response.error = "libcurl cannot be started";
      return std::move(receiving.response);
    }
    const SigpipeGuard guard;
    char error[CURL_ERROR_SIZE] = "";
    curl_slist* headers = SetUp(request, &receiving, error);
    const CURLcode code = Perform();
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    HttpResponse& response = receiving.response;
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && receiving.body_cut)) {
      response.status = static_cast<int>(status);
    } else {
      response = HttpResponse{};
      response.error = error[0] != '\0' ? error : curl_easy_strerror(code);
    }
    return std::move(response);
  }

  void Cancel() override {
    cancelled_ = true;
    curl_multi_wakeup(multi_);
  }

 private:
  curl_slist* SetUp(const HttpRequest& request, Receiving* receiving, char* error) {
    curl_easy_reset(easy_);  // keeps connections and TLS sessions
    auto set = [this](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(1, request.timeout.count())));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_USERAGENT, "skep-sdk-cpp/" SKEP_SDK_VERSION);
    set(CURLOPT_ERRORBUFFER, error);
    set(CURLOPT_HEADERFUNCTION, &OnHeader);
    set(CURLOPT_HEADERDATA, static_cast<void*>(receiving));
    set(CURLOPT_WRITEFUNCTION, &OnBody);
    set(CURLOPT_WRITEDATA, static_cast<void*>(receiving));
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (!options_.client_cert_file.empty()) set(CURLOPT_SSLCERT, options_.client_cert_file.c_str());
    if (!options_.client_key_file.empty()) set(CURLOPT_SSLKEY, options_.client_key_file.c_str());
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" || !request.body.empty()) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    return SetHeaders(request);
  }

  curl_slist* SetHeaders(const HttpRequest& request) {
    // No `Expect: 100-continue`, and no form's content type, which libcurl adds to any POST.
    curl_slist* list = curl_slist_append(nullptr, "Expect:");
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
      const std::string line = value.empty() ? name + ";" : name + ": " + value;
      if (line.find_first_of("\r\n") != std::string::npos) continue;  // would be another header
      list = curl_slist_append(list, line.c_str());
      has_type = has_type || Lower(name) == "content-type";
    }
    if (!has_type) list = curl_slist_append(list, "Content-Type:");
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, list);
    return list;
  }

  // The multi interface, because it can be woken by Cancel.
  CURLcode Perform() {
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    if (cancelled_ || curl_multi_add_handle(multi_, easy_) != CURLM_OK) return code;
    int running = 1;
    while (!cancelled_) {
      if (curl_multi_perform(multi_, &running) != CURLM_OK || running == 0) break;
      if (curl_multi_poll(multi_, nullptr, 0, 1000, nullptr) != CURLM_OK) break;
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) code = message->data.result;
    }
    // A name look-up that hangs is left to itself.
    if (cancelled_) curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
    curl_multi_remove_handle(multi_, easy_);
    return code;
  }

  const HttpClientOptions options_;
  CURL* easy_ = nullptr;
  CURLM* multi_ = nullptr;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

std::string_view HttpResponse::Header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

std::optional<std::chrono::milliseconds> RetryAfter(const HttpResponse& response,
                                                    int64_t now_unix_ns) {
  const std::string text(response.Header("retry-after"));
  if (text.empty()) return std::nullopt;
  int64_t wait_ms = 0;
  if (std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) {
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    // So many digits that they do not fit are longer than the longest wait.
    wait_ms =
        error == std::errc() ? std::min<int64_t>(seconds, 3600) * 1000 : kRetryAfterMax.count();
  } else {
    const time_t at = curl_getdate(text.c_str(), nullptr);
    if (at == -1) return std::nullopt;
    wait_ms = static_cast<int64_t>(at) * 1000 - now_unix_ns / 1'000'000;
  }
  return std::clamp(std::chrono::milliseconds(wait_ms), std::chrono::milliseconds(0),
                    kRetryAfterMax);
}

std::unique_ptr<HttpClient> HttpClient::Create(HttpClientOptions options) {
  return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace skep::sdk
