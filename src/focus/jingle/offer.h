#pragma once
// session-initiate: what focus offers to one endpoint (media.md 2.5–2.11).
#include <string>

#include "focus/jingle/sources.h"
#include "sfu/media.h"
#include "xmpp/element.h"

namespace conclave::focus {

// What a client said that it can do (disco#info, media.md 2.4). The defaults are for a client that did not answer.
struct ClientFeatures {
  bool audio = true;
  bool video = true;
  bool rtx = false;
  bool transport_cc = false;
  bool remb = false;
  bool json_sources = false;
  bool ssrc_rewriting = false;
};
ClientFeatures read_features(const xmpp::Element& disco_info_query);

struct Offer {
  std::string sid;
  std::string initiator;       // focus' full address
  std::string bridge_session;  // new for every allocation
  std::string channel_url;     // wss://…/colibri-ws/…
  sfu::LocalTransport transport;
  SourcesByOwner sources;  // of everybody else, and the bridge's own
  ClientFeatures features;
};

xmpp::Element write_session_initiate(const Offer& offer);

}  // namespace conclave::focus
