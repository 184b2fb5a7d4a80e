// SPDX-License-Identifier: Apache-2.0
#include "page.h"

#include <string>
#include <string_view>

extern "C" {
// page.S
extern const char activities_index_html[], activities_index_html_end[];
extern const char activities_page_css[], activities_page_css_end[];
extern const char activities_page_js[], activities_page_js_end[];
}

namespace activities {
namespace {

void AddFile(Router& router, std::string_view path, std::string_view content_type,
             std::string_view content) {
  router.Add("GET", path, [content_type, content](const Call&) {
    return Answer{.status = 200,
                  .content_type = std::string(content_type),
                  .body = std::string(content),
                  .headers = {{"Cache-Control", "no-cache"}}};
  });
}

}  // namespace

void AddPageRoutes(Router& router) {
  AddFile(router, "/", "text/html; charset=utf-8",
          {activities_index_html, activities_index_html_end});
  AddFile(router, "/page.css", "text/css; charset=utf-8",
          {activities_page_css, activities_page_css_end});
  AddFile(router, "/page.js", "text/javascript; charset=utf-8",
          {activities_page_js, activities_page_js_end});
}

}  // namespace activities
