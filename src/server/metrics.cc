#include "server/metrics.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "server/gather.h"
#include "server/single_sign_on.h"
#include "sfu/counters.h"

namespace conclave::server {
namespace {

struct Sample {
  std::string_view name;
  std::string_view type;  // counter or gauge
  std::uint64_t value = 0;
};
struct Samples {
  std::vector<Sample> plain;
  Trail::Decisions decisions;
  Trail::Logins logins;
};

std::vector<Sample> plain_samples(Station& station) {
  const auto counter = [](std::string_view name, const Counter& value) {
    return Sample{name, "counter", value.value()};
  };
  const auto gauge = [](std::string_view name, std::uint64_t value) { return Sample{name, "gauge", value}; };
  const NetCounters& net = station.net().counters();
  const UdpCounters& udp = station.media().counters();
  const xmpp::XmppCounters& xmpp = station.sessions().counters();
  const xmpp::BoshCounters& bosh = station.bosh().counters();
  const xmpp::TcpCounters& tcp = station.tcp().counters();
  const room::RoomCounters& room = station.rooms().counters();
  const focus::FocusCounters& focus = station.focus().counters();
  const sfu::SfuCounters& sfu = station.sfu().counters();
  const sasl::PasswordLoginCounters& password = station.password_login().counters();
  return {
      gauge("conclave_rooms", station.rooms().room_count()),
      gauge("conclave_occupants", station.rooms().occupant_count()),
      gauge("conclave_waiting", station.rooms().waiting_count()),
      gauge("conclave_sessions", station.sessions().sessions()),
      gauge("conclave_sessions_hibernated", station.sessions().hibernated()),
      gauge("conclave_streams_websocket", station.open_websockets()),
      gauge("conclave_streams_bosh", station.bosh().open()),
      counter("conclave_bosh_sessions", bosh.sessions),
      counter("conclave_bosh_requests", bosh.requests),
      counter("conclave_bosh_retransmissions", bosh.retransmissions),
      counter("conclave_bosh_refused", bosh.refused),
      counter("conclave_bosh_inactive", bosh.inactive),
      counter("conclave_bosh_violations", bosh.violations),
      gauge("conclave_streams_tcp", station.tcp().open()),
      counter("conclave_tcp_connections", tcp.connections),
      counter("conclave_tcp_refused", tcp.refused),
      counter("conclave_tcp_secured", tcp.secured),
      counter("conclave_tcp_not_secured", tcp.not_secured),
      counter("conclave_tcp_overflows", net.tcp_overflows),
      counter("conclave_http_connections", net.connections_accepted),
      counter("conclave_http_connections_refused", net.connections_refused),
      counter("conclave_http_requests", net.http_requests),
      counter("conclave_http_bad_requests", net.http_bad_requests),
      counter("conclave_tls_handshakes_failed", net.tls_handshakes_failed),
      counter("conclave_connection_timeouts", net.timeouts),
      counter("conclave_websockets", net.websockets_opened),
      counter("conclave_websocket_protocol_errors", net.websocket_protocol_errors),
      counter("conclave_websocket_overflows", net.websocket_overflows),
      counter("conclave_password_logins_accepted", password.accepted),
      counter("conclave_password_logins_refused", password.refused),
      counter("conclave_password_logins_locked", password.locked),
      counter("conclave_password_logins_unavailable", password.unavailable),
      counter("conclave_password_logins_slowed", password.slowed),
      counter("conclave_stanzas_in", xmpp.stanzas_in),
      counter("conclave_stanzas_out", xmpp.stanzas_out),
      counter("conclave_stanzas_delayed", xmpp.stanzas_delayed),
      counter("conclave_stream_errors", xmpp.stream_errors),
      counter("conclave_stream_malformed", xmpp.malformed),
      counter("conclave_stream_policy_violations", xmpp.policy_violations),
      counter("conclave_sessions_resumed", xmpp.sessions_resumed),
      counter("conclave_resumes_refused", xmpp.resumes_refused),
      counter("conclave_sessions_timed_out", xmpp.sessions_timed_out),
      counter("conclave_rooms_opened", room.rooms_opened),
      counter("conclave_breakout_rooms_opened", room.breakouts_opened),
      counter("conclave_joins", room.joins),
      counter("conclave_leaves", room.leaves),
      counter("conclave_kicks", room.kicks),
      counter("conclave_invitations", room.invitations),
      counter("conclave_waits", room.waits),
      counter("conclave_entries_refused", room.entries_refused),
      counter("conclave_acts_refused", room.acts_refused),
      counter("conclave_room_stanzas_malformed", room.malformed),
      counter("conclave_room_limits_reached", room.limits_reached),
      counter("conclave_jingle_invitations", focus.invitations),
      counter("conclave_jingle_accepted", focus.accepted),
      counter("conclave_jingle_refused", focus.refused),
      counter("conclave_jingle_restarted", focus.restarted),
      counter("conclave_media_failed", focus.media_failed),
      gauge("conclave_media_tcp_connections", station.tcp_media().open()),
      counter("conclave_media_tcp_packets_in", station.tcp_media().counters().packets_in),
      counter("conclave_media_tcp_packets_out", station.tcp_media().counters().packets_out),
      counter("conclave_media_tcp_dropped", station.tcp_media().counters().dropped),
      counter("conclave_media_tcp_not_proven", station.tcp_media().counters().not_proven),
      counter("conclave_udp_datagrams_in", udp.datagrams_in),
      counter("conclave_udp_datagrams_out", udp.datagrams_out),
      counter("conclave_udp_dropped_full", udp.dropped_full),
      counter("conclave_udp_garbage", sfu.garbage),
      counter("conclave_udp_unknown_address", sfu.unknown_address),
      counter("conclave_udp_unknown_ufrag", sfu.unknown_ufrag),
      counter("conclave_rtp_in", sfu.rtp_in),
      counter("conclave_rtp_forwarded", sfu.forwarded),
      counter("conclave_rtp_retransmitted", sfu.retransmitted),
      counter("conclave_rtp_malformed", sfu.malformed_rtp),
      counter("conclave_rtcp_malformed", sfu.malformed_rtcp),
      counter("conclave_srtp_refused", sfu.srtp_refused),
      counter("conclave_key_frames_requested", sfu.key_frames_requested),
      counter("conclave_channels_opened", sfu.channels_opened),
      counter("conclave_channel_messages", sfu.channel_messages),
      counter("conclave_channel_malformed", sfu.channel_malformed),
      counter("conclave_endpoints_connected", sfu.connected),
  };
}

Samples sample(Station& station) {
  return {plain_samples(station), station.trail().decisions(), station.trail().logins()};
}

// Of one family of counters with labels; their values are our own words, nothing of a client's.
class Family {
 public:
  Family(std::string& text, std::string_view name) : text_(text), name_(name) {
    text_.append("# TYPE ").append(name).append(" counter\n");
  }
  void line(std::initializer_list<std::pair<std::string_view, std::string_view>> labels, std::uint64_t value) {
    text_.append(name_).append("_total");
    char before = '{';
    for (const auto& [label, text] : labels) {
      text_.append(1, std::exchange(before, ',')).append(label).append("=\"").append(text).append("\"");
    }
    text_.append("} ").append(std::to_string(value)).append("\n");
  }

 private:
  std::string& text_;
  std::string_view name_;
};

template <class Counts>
Counts sum(const std::vector<Samples>& stations, Counts Samples::*which) {
  Counts all;
  for (const Samples& station : stations) {
    for (const auto& [labels, count] : station.*which) all[labels] += count;
  }
  return all;
}

void add_decisions(std::string& text, const Trail::Decisions& decisions) {
  Family family(text, "conclave_decisions");
  for (const auto& [labels, count] : decisions) {
    const auto& [act, outcome, reason] = labels;
    family.line({{"act", act}, {"outcome", outcome}, {"reason", reason}}, count);
  }
}

void add_logins(std::string& text, const Trail::Logins& logins) {
  Family family(text, "conclave_logins");
  for (const auto& [labels, count] : logins) family.line({{"kind", labels.first}, {"outcome", labels.second}}, count);
}

// What is asked of others so that somebody can log in; kept on loop 0, once.
std::vector<Sample> credential_samples(const Common& common) {
  const auto counter = [](std::string_view name, const Counter& value) {
    return Sample{name, "counter", value.value()};
  };
  const keys::KeyCounters& keys = common.token_desk->fetcher().counters();
  std::vector<Sample> samples{counter("conclave_key_fetches", keys.fetches),
                              counter("conclave_key_fetches_failed", keys.failures),
                              counter("conclave_key_fetches_limited", keys.limited)};
  if (const ldap::Directory* directory = common.passwords.directory()) {
    const ldap::DirectoryCounters& ldap = directory->counters();
    samples.insert(samples.end(), {counter("conclave_ldap_logins_accepted", ldap.accepted),
                                   counter("conclave_ldap_logins_refused", ldap.refused),
                                   counter("conclave_ldap_logins_unavailable", ldap.unavailable),
                                   counter("conclave_ldap_logins_cached", ldap.from_cache),
                                   counter("conclave_ldap_servers_failed", ldap.server_failures)});
  }
  if (common.single_sign_on != nullptr) {
    const oidc::SignInCounters& oidc = common.single_sign_on->counters();
    samples.insert(
        samples.end(),
        {counter("conclave_oidc_logins_begun", oidc.begun), counter("conclave_oidc_logins_done", oidc.done),
         counter("conclave_oidc_logins_refused", oidc.refused),
         counter("conclave_oidc_logins_mismatched", oidc.mismatched),
         counter("conclave_oidc_logins_failed", oidc.failed), counter("conclave_oidc_logins_limited", oidc.limited)});
  }
  return samples;
}

std::string as_text(const std::vector<Samples>& stations, const Common& common) {
  std::string text;
  const auto line = [&text](std::string_view name, std::string_view type, std::uint64_t value) {
    text.append("# TYPE ").append(name).append(" ").append(type).append("\n").append(name);
    if (type == "counter") text.append("_total");
    text.append(" ").append(std::to_string(value)).append("\n");
  };
  // Every station lists the same samples in the same order.
  for (std::size_t i = 0; i < stations.front().plain.size(); ++i) {
    std::uint64_t all = 0;
    for (const Samples& station : stations) all += station.plain[i].value;
    line(stations.front().plain[i].name, stations.front().plain[i].type, all);
  }
  for (const Sample& sample : credential_samples(common)) line(sample.name, sample.type, sample.value);
  add_decisions(text, sum(stations, &Samples::decisions));
  add_logins(text, sum(stations, &Samples::logins));
  if (common.audit) {
    line("conclave_audit_entries", "counter", common.audit->written());
    line("conclave_audit_entries_lost", "counter", common.audit->lost());
  }
  line("conclave_bugs", "counter", bugs_found());
  return text + "# EOF\n";
}

}  // namespace

void gather_metrics(Common& common, HttpReply reply) {
  gather<Samples>(common, sample, [&common, reply = std::move(reply)](std::vector<Samples> stations) mutable {
    HttpResponse response;
    response.headers.set("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.body = as_text(stations, common);
    reply(std::move(response));
  });
}

}  // namespace conclave::server
