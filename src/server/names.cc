#include "server/names.h"

#include <algorithm>

namespace conclave::server {

Names::Names(std::string_view xmpp_domain, const std::vector<std::string>& aliases)
    : domain(xmpp_domain),
      muc("conference." + domain),
      focus("focus." + domain),
      focus_user("focus@auth." + domain),
      muc_domain(muc),
      lobby("lobby." + domain),
      components(domain),
      stream_domains{domain, "guest." + domain, "auth." + domain} {
  for (const std::string& alias : aliases) {
    if (!is_own(alias)) stream_domains.push_back(alias);
  }
}

bool Names::is_own(std::string_view host) const {
  return std::ranges::count(stream_domains, host) > 0;
}

}  // namespace conclave::server
