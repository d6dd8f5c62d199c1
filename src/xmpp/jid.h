#pragma once
// RFC 7622 addresses: localpart@domainpart/resourcepart. A value; domain and local part are lower-cased when parsed.
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace conclave::xmpp {

inline constexpr std::size_t kMaxJidPartBytes = 1023;  // RFC 7622 §3.1

struct Jid {
  std::string node;
  std::string domain;
  std::string resource;

  // Nothing for an empty domain, a part that is too long, control characters, or characters that RFC 7622 §3.3.1
  // excludes.
  static std::optional<Jid> parse(std::string_view text);

  bool empty() const { return domain.empty(); }
  bool is_bare() const { return resource.empty(); }
  Jid bare() const { return {node, domain, {}}; }
  Jid with_resource(std::string_view new_resource) const { return {node, domain, std::string(new_resource)}; }
  std::string str() const;

  friend auto operator<=>(const Jid&, const Jid&) = default;
};

}  // namespace conclave::xmpp

template <>
struct std::hash<conclave::xmpp::Jid> {
  std::size_t operator()(const conclave::xmpp::Jid& jid) const noexcept {
    const std::hash<std::string> h;
    return h(jid.node) * 31 * 31 + h(jid.domain) * 31 + h(jid.resource);
  }
};
