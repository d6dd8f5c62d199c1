#include "ldap/directory_options.h"

#include <algorithm>

namespace conclave::ldap {

bool uses_tls(const DirectoryOptions& options) {
  return options.tls.start_tls ||
         std::ranges::any_of(options.urls, [](const std::string& url) { return url.starts_with("ldaps:"); });
}

}  // namespace conclave::ldap
