#pragma once
// The addresses that one server answers to, all made from its XMPP domain (signalling.md 2.2, 3.2, 5.1).
#include <string>
#include <string_view>
#include <vector>

#include "component/addresses.h"
#include "room/muc_domain.h"

namespace conclave::server {

// What the component of breakout rooms can do (signalling.md 3.3).
inline constexpr std::string_view kBreakoutRename = "http://jitsi.org/protocol/breakout_rooms#rename";

struct Names {
  Names(std::string_view xmpp_domain, const std::vector<std::string>& aliases);

  bool is_own(std::string_view host) const;  // the domain itself, or an alias of it

  std::string domain;
  std::string muc;             // conference.<d>
  std::string focus;           // focus.<d>, where conference requests go
  std::string focus_user;      // focus@auth.<d>
  room::MucDomain muc_domain;  // and its other hosts
  std::string lobby;           // lobby.<d>
  component::Addresses components;
  std::vector<std::string> stream_domains;  // what a client may open a stream to
};

}  // namespace conclave::server
