#pragma once
// What a person reads when a login did not work: what happened, and what to do. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace conclave::oidc {

struct PageLink {
  std::string text{};
  std::string target{};  // an address of ours, "/auth/login?room=…"
};

struct Page {
  int status = 400;
  std::string_view title{};
  std::string sentence{};
  std::vector<PageLink> links{};
};

// Everything is escaped; no script, nothing loaded from anywhere, not to be framed or kept.
HttpResponse error_page(const Page& page);

}  // namespace conclave::oidc
