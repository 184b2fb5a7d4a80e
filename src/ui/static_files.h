// SPDX-License-Identifier: Apache-2.0
// StaticFiles: the page, which is built into the program. Each file as it is, as gzip and as
// brotli, chosen by what the browser accepts; files with a hash in their name are kept by browsers
// for ever, index.html is asked for again each time (ETag). Every path that is no file and no API
// is the page's own, and gets index.html. Thread-safe once made.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/router.h"

namespace skep::ui {

class StaticFiles {
 public:
  StaticFiles();

  // Answers GET (and so HEAD) of everything that no other route takes, and 404 to the rest.
  void Register(net::Router& router) const;
  net::Response Answer(const net::Request& request) const;

 private:
  using Body = std::shared_ptr<const std::string>;  // shared: with answers on their way
  struct File {
    std::string content_type;
    std::string etag;
    bool immutable = false;
    Body identity;
    Body gzip;    // null: not smaller
    Body brotli;  // null: not smaller
  };

  const File* Find(std::string_view path) const;

  // shared: by the routes, which outlive this object
  std::shared_ptr<const std::map<std::string, File, std::less<>>> files_;
};

}  // namespace skep::ui
