#pragma once
// What of a web root a path means: a file, a page of a room, a room or a file below a tenant (signalling.md 1.6 and 8).
// Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

namespace conclave::web {

struct SitePath {
  enum class Kind { Nothing, Files, Config, InterfaceConfig };
  Kind kind = Kind::Nothing;
  std::string tenant = {};              // the first segment as it was written; empty: none
  std::vector<std::string> files = {};  // in this order: "/libs/app.js"; the first that exists is meant
  bool page = false;                    // none exists: index.html
};

// `path` as HttpRequest has it: decoded, without empty, "." and ".." segments. `tenants`: whether there are any.
SitePath site_path(std::string_view path, bool tenants);

// Fit to stand in a page, a script and an XMPP address as it is: no quotes, no markup, nothing that ends a line.
bool is_plain_segment(std::string_view segment);

// "/sounds/knock.mp3": all sites may read it (fonts and sounds of the iframe API).
bool is_shared_asset(std::string_view file);

}  // namespace conclave::web
