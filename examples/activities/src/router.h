// SPDX-License-Identifier: Apache-2.0
// Router: which handler answers a path. Templates have at most one <name>, which takes the rest of
// its part of the path: "/api/activities/@<handle>". Literal templates win. Immutable once filled,
// then thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http_types.h"

namespace activities {

class Router {
 public:
  void Add(std::string_view method, std::string_view path_template, Handler handler);

  struct Match {
    const Handler* handler = nullptr;  // null: no such path, or not with this method
    std::string_view path_template;    // empty: no such path
    std::string_view parameter;        // of `path`, still percent-encoded
    std::string allow;  // the methods there are, where there are others only: "POST, OPTIONS"
  };
  // HEAD is answered as GET is; OPTIONS has no handler of its own but a template.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  struct Entry {
    std::string method;
    std::string path_template;
    Handler handler;
  };
  std::vector<Entry> entries_;
};

}  // namespace activities
