#include "server/services.h"

#include <utility>

#include "server/station.h"
#include "xmpp/iq/disco_info.h"
#include "xmpp/stanza.h"

namespace conclave::server {
namespace {

constexpr std::string_view kMuc = "http://jabber.org/protocol/muc";

std::string focus_of(const Common& common) {
  return common.names.focus_user + "/focus";
}

}  // namespace

Services::Services(Loop& loop, Common& common)
    : Pinned(loop),
      common_(common),
      recorder_brewery_({common.attached.jibri_brewery, common.attached.brewery_domain, {}}, focus_of(common),
                        *common.stations.front()),
      recorders_(loop, recorder_brewery_, random_, common.attached,
                 [this](const service::Recorders::Report& report) { reported(report); }),
      gateway_brewery_({common.attached.jigasi_brewery, common.attached.brewery_domain, {}}, focus_of(common),
                       *common.stations.front()),
      gateways_(loop, gateway_brewery_, random_, [this](const service::Gateways::Report& report) { dialled(report); }) {
}

void Services::refuse(const xmpp::Sender& sender, const xmpp::Element& stanza, const xmpp::StanzaError& error) {
  if (stanza.attribute("type") == "error" || xmpp::is_iq_response(stanza)) return;
  common_.stations.front()->deliver(sender.session, xmpp::error_of(stanza, error));
}

void Services::stanza(const xmpp::Sender& sender, const std::string& subject, const xmpp::Jid& to,
                      const xmpp::Element& stanza) {
  assert_here();
  // COMPAT(smack): it asks a host whether it has rooms before it joins one.
  const bool asks = stanza.attribute("type") == "get" && stanza.child("query", xmpp::kDiscoInfoNamespace) != nullptr;
  if (asks && to.resource.empty()) {
    xmpp::DiscoInfo info{.identities = {{"conference", "text", "Conclave services"}}, .features = {std::string(kMuc)}};
    xmpp::Element answer = xmpp::result_of(stanza);
    answer.add(xmpp::disco_info_query(info));
    return common_.stations.front()->deliver(sender.session, std::move(answer));
  }
  const service::Options& attached = common_.attached;
  if (subject == attached.jibri && to.node == recorder_brewery_.address().node) {
    return at(recorder_brewery_, recorders_, sender, to, stanza);
  }
  const bool gateway = subject == attached.jigasi || subject == attached.transcriber;
  if (gateway && to.node == gateway_brewery_.address().node) {
    return at(gateway_brewery_, gateways_, sender, to, stanza);
  }
  refuse(sender, stanza, xmpp::errors::kForbidden);
}

template <class Watcher>
void Services::at(service::Brewery& brewery, Watcher& watcher, const xmpp::Sender& sender, const xmpp::Jid& to,
                  const xmpp::Element& stanza) {
  using Change = service::Brewery::Change;
  if (stanza.name() == "presence") {
    const Change change = brewery.presence(sender, to, stanza);
    if (change == Change::Out) return watcher.gone(sender.session);
    if (change != Change::Nothing) watcher.said(sender.session, stanza);
    return;
  }
  if (!brewery.has(sender.session)) return refuse(sender, stanza, xmpp::errors::kNotAcceptable);
  if (stanza.name() == "iq" && to.resource == "focus") return watcher.iq(sender.session, stanza);
  refuse(sender, stanza, xmpp::errors::kServiceUnavailable);
}

void Services::session_ended(xmpp::SessionId session) {
  assert_here();
  recorder_brewery_.gone(session);
  recorders_.gone(session);
  gateway_brewery_.gone(session);
  gateways_.gone(session);
}

void Services::dialled(const service::Gateways::Report& report) {
  Station& home = common_.station_of(report.room);
  home.loop().post([&home, report] { home.dialing().dialled(home.rooms().find(report.room), report); });
}

void Services::reported(const service::Recorders::Report& report) {
  Station& home = common_.station_of(report.room);
  // In a turn of its own, also on this loop: behind what start() answers.
  home.loop().post([&home, report] { home.recording().reported(home.rooms().find(report.room), report); });
}

void ServiceDesk::start(const access::RoomName& room, service::RecorderOrder order) {
  common_.stations.front()->run([&common = common_, room, order = std::move(order)]() mutable {
    const std::string id = order.session_id;
    const auto outcome = common.services->recorders().start(room, std::move(order));
    Station& home = common.station_of(room);
    // Always later: who asked is in the middle of it.
    home.loop().post([&home, room, id, outcome] { home.recording().started(home.rooms().find(room), id, outcome); });
  });
}

void ServiceDesk::dial(const access::RoomName& room, const std::string& call, bool transcribes, xmpp::Element order) {
  common_.stations.front()->run([&common = common_, room, call, transcribes, order = std::move(order)]() mutable {
    common.services->gateways().dial(room, call, transcribes, std::move(order));
  });
}

void ServiceDesk::hang_up(const std::string& resource) {
  common_.stations.front()->run([&common = common_, resource] { common.services->gateways().hang_up(resource); });
}

void ServiceDesk::stop(const std::string& session_id) {
  common_.stations.front()->run([&common = common_, session_id] { common.services->recorders().stop(session_id); });
}

}  // namespace conclave::server
