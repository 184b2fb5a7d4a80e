// SPDX-License-Identifier: Apache-2.0
#include "ui/static_files.h"

#include "base/check.h"

namespace skep::ui {
namespace {

struct EmbeddedBytes {
  const char* begin;
  const char* end;
};

struct EmbeddedFile {
  const char* path;
  const char* content_type;
  const char* etag;
  EmbeddedBytes identity;
  EmbeddedBytes gzip;
  EmbeddedBytes brotli;
};

#include "page_files.inc"

constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kHashedFolder = "/assets/";  // where Vite puts files with hashed names

std::shared_ptr<const std::string> Copy(const EmbeddedBytes& bytes) {
  if (bytes.begin == bytes.end) return nullptr;
  return std::make_shared<const std::string>(bytes.begin, bytes.end);
}

// Whether a list like `gzip, br;q=0.5, *;q=0` names the coding with a weight that is not zero.
bool Accepts(std::string_view accept_encoding, std::string_view coding) {
  while (!accept_encoding.empty()) {
    const size_t comma = accept_encoding.find(',');
    std::string_view entry = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size()
                                                                  : comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    const size_t end = entry.find_first_of("; ");
    if (entry.substr(0, end) != coding) continue;
    const size_t weight = entry.find("q=");
    return weight == std::string_view::npos ||
           entry.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

bool IsPagePath(std::string_view path) {
  const size_t slash = path.rfind('/');
  const bool names_a_file =
      path.find('.', slash == std::string_view::npos ? 0 : slash) != std::string_view::npos;
  return !path.starts_with("/api/") && !names_a_file;
}

net::Response NotFound(const net::Request& request) {
  if (!request.path.starts_with("/api/")) return net::Response::Text(404, "Not found.\n");
  return net::Response::Json(
      404, R"({"error":{"code":"NOT_FOUND","message":"There is nothing at this path."}})");
}

}  // namespace

StaticFiles::StaticFiles() {
  auto files = std::make_shared<std::map<std::string, File, std::less<>>>();
  for (const EmbeddedFile& embedded : kPageFiles) {
    File file;
    file.content_type = embedded.content_type;
    file.etag = embedded.etag;
    file.immutable = std::string_view(embedded.path).starts_with(kHashedFolder);
    file.identity =
        std::make_shared<const std::string>(embedded.identity.begin, embedded.identity.end);
    file.gzip = Copy(embedded.gzip);
    file.brotli = Copy(embedded.brotli);
    files->emplace(embedded.path, std::move(file));
  }
  files_ = std::move(files);
  SKEP_CHECK(files_->contains(kIndex));
}

const StaticFiles::File* StaticFiles::Find(std::string_view path) const {
  auto found = files_->find(path);
  if (found == files_->end() && IsPagePath(path)) found = files_->find(kIndex);
  return found == files_->end() ? nullptr : &found->second;
}

net::Response StaticFiles::Answer(const net::Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return NotFound(request);
  const File* file = Find(request.path);
  if (file == nullptr) return NotFound(request);

  net::Response response;
  response.headers = {
      {"content-type", file->content_type},
      {"etag", file->etag},
      {"cache-control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"vary", "accept-encoding"},
      {"x-content-type-options", "nosniff"},
      {"referrer-policy", "same-origin"},
      {"content-security-policy",
       "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
       "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"},
  };
  if (request.Header("if-none-match") == file->etag) {
    response.status = 304;
    return response;
  }
  const std::string_view accepts = request.Header("accept-encoding");
  response.shared_body = file->identity;
  if (file->brotli != nullptr && Accepts(accepts, "br")) {
    response.headers.emplace_back("content-encoding", "br");
    response.shared_body = file->brotli;
  } else if (file->gzip != nullptr && Accepts(accepts, "gzip")) {
    response.headers.emplace_back("content-encoding", "gzip");
    response.shared_body = file->gzip;
  }
  return response;
}

void StaticFiles::Register(net::Router& router) const {
  net::Route route;
  route.body_bytes_max = 1u << 20;
  route.handler = [files = *this](const net::Request& request, net::Responder responder) {
    responder.Send(files.Answer(request));
  };
  router.SetFallback(std::move(route));
}

}  // namespace skep::ui
