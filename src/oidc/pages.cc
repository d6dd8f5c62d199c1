#include "oidc/pages.h"

#include "base/markup.h"

namespace conclave::oidc {
namespace {

constexpr std::string_view kStyle =
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 "
    "1.5rem;color:#1c2024;background:#fff}"
    "h1{font-size:1.5rem}a{color:#0b57d0;margin-right:1.5rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#16181b}a{color:#8ab4f8}}";

}  // namespace

HttpResponse error_page(const Page& page) {
  std::string links;
  for (const PageLink& link : page.links)
    links += "<a href=\"" + escaped(link.target) + "\">" + escaped(link.text) + "</a>";
  HttpResponse response =
      HttpResponse::html(page.status,
                         "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                         "content=\"width=device-width\"><title>" +
                             escaped(page.title) + "</title><style>" + std::string(kStyle) +
                             "</style></head><body><main><h1>" + escaped(page.title) + "</h1><p>" +
                             escaped(page.sentence) + "</p><p>" + links + "</p></main></body></html>\n");
  response.headers.set(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace conclave::oidc
