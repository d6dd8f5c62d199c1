#include "server/metric_samples.h"

#include "server/single_sign_on.h"
#include "server/station.h"
#include "sfu/counters.h"
#include "sfu/statistics.h"

namespace conclave::server {

std::vector<Sample> plain_samples(Station& station) {
  const auto counter = [](std::string_view name, std::string_view help, const Counter& value) {
    return Sample{name, "counter", help, value.value()};
  };
  const auto gauge = [](std::string_view name, std::string_view help, std::uint64_t value) {
    return Sample{name, "gauge", help, value};
  };
  const NetCounters& net = station.net().counters();
  const UdpCounters& udp = station.media().counters();
  const xmpp::XmppCounters& xmpp = station.sessions().counters();
  const xmpp::BoshCounters& bosh = station.bosh().counters();
  const xmpp::TcpCounters& tcp = station.tcp().counters();
  const room::RoomCounters& room = station.rooms().counters();
  const focus::FocusCounters& focus = station.focus().counters();
  const sfu::SfuCounters& sfu = station.sfu().counters();
  const sfu::Statistics media = station.sfu().statistics();
  const sasl::PasswordLoginCounters& password = station.password_login().counters();
  return {
      gauge("conclave_rooms", "Rooms that are open", station.rooms().room_count()),
      gauge("conclave_occupants", "People in rooms", station.rooms().occupant_count()),
      gauge("conclave_waiting", "People who wait for a room to open", station.rooms().waiting_count()),
      gauge("conclave_sessions", "XMPP sessions, hibernated ones included", station.sessions().sessions()),
      gauge("conclave_sessions_hibernated", "Sessions whose connection is lost and that may be resumed",
            station.sessions().hibernated()),
      gauge("conclave_streams_websocket", "Open XMPP streams over WebSocket", station.open_websockets()),
      gauge("conclave_streams_bosh", "Open XMPP streams over BOSH", station.bosh().open()),
      counter("conclave_bosh_sessions", "BOSH sessions begun", bosh.sessions),
      counter("conclave_bosh_requests", "BOSH requests", bosh.requests),
      counter("conclave_bosh_retransmissions", "BOSH requests that were answered again", bosh.retransmissions),
      counter("conclave_bosh_refused", "BOSH sessions refused by a limit", bosh.refused),
      counter("conclave_bosh_inactive", "BOSH sessions ended because nobody asked for too long", bosh.inactive),
      counter("conclave_bosh_violations", "BOSH requests against the protocol", bosh.violations),
      gauge("conclave_streams_tcp", "Open XMPP streams over TCP", station.tcp().open()),
      counter("conclave_tcp_connections", "Connections to the XMPP port", tcp.connections),
      counter("conclave_tcp_refused", "Connections to the XMPP port refused by a limit", tcp.refused),
      counter("conclave_tcp_secured", "XMPP connections that went over to TLS", tcp.secured),
      counter("conclave_tcp_not_secured", "XMPP connections refused because they would not go over to TLS",
              tcp.not_secured),
      counter("conclave_tcp_overflows", "XMPP connections dropped because they read too slowly", net.tcp_overflows),
      counter("conclave_http_connections", "HTTP connections accepted", net.connections_accepted),
      counter("conclave_http_connections_refused", "HTTP connections refused by a limit", net.connections_refused),
      counter("conclave_http_requests", "HTTP requests", net.http_requests),
      counter("conclave_http_bad_requests", "HTTP requests that were malformed or too large", net.http_bad_requests),
      counter("conclave_tls_handshakes_failed", "TLS handshakes that failed", net.tls_handshakes_failed),
      counter("conclave_connection_timeouts", "HTTP connections ended because the peer took too long", net.timeouts),
      counter("conclave_websockets", "WebSockets opened", net.websockets_opened),
      counter("conclave_websocket_protocol_errors", "WebSockets closed for what the peer sent",
              net.websocket_protocol_errors),
      counter("conclave_websocket_overflows", "WebSockets closed because they read too slowly",
              net.websocket_overflows),
      counter("conclave_password_logins_accepted", "Passwords that were right", password.accepted),
      counter("conclave_password_logins_refused", "Passwords that were wrong", password.refused),
      counter("conclave_password_logins_locked", "Log-ins to locked accounts", password.locked),
      counter("conclave_password_logins_unavailable", "Log-ins refused because accounts or directory did not answer",
              password.unavailable),
      counter("conclave_password_logins_slowed", "Log-ins delayed because somebody guesses", password.slowed),
      counter("conclave_stanzas_in", "XMPP stanzas received", xmpp.stanzas_in),
      counter("conclave_stanzas_out", "XMPP stanzas sent", xmpp.stanzas_out),
      counter("conclave_stanzas_delayed", "XMPP stanzas held back by the rate limit", xmpp.stanzas_delayed),
      counter("conclave_stream_errors", "XMPP streams ended by an error", xmpp.stream_errors),
      counter("conclave_stream_malformed", "XMPP streams ended because of malformed XML", xmpp.malformed),
      counter("conclave_stream_policy_violations", "XMPP streams ended because they broke a limit",
              xmpp.policy_violations),
      counter("conclave_sessions_resumed", "Sessions resumed", xmpp.sessions_resumed),
      counter("conclave_resumes_refused", "Resumptions refused", xmpp.resumes_refused),
      counter("conclave_sessions_timed_out", "Sessions ended because nobody resumed them", xmpp.sessions_timed_out),
      counter("conclave_rooms_opened", "Rooms opened", room.rooms_opened),
      counter("conclave_breakout_rooms_opened", "Breakout rooms opened", room.breakouts_opened),
      counter("conclave_joins", "People let in", room.joins),
      counter("conclave_leaves", "People who left", room.leaves),
      counter("conclave_kicks", "People taken out", room.kicks),
      counter("conclave_invitations", "Invitations sent", room.invitations),
      counter("conclave_waits", "People who began to wait", room.waits),
      counter("conclave_entries_refused", "People not let in", room.entries_refused),
      counter("conclave_acts_refused", "Acts that a role forbids", room.acts_refused),
      counter("conclave_room_stanzas_malformed", "Stanzas to rooms that make no sense", room.malformed),
      counter("conclave_room_limits_reached", "Times that a limit of a room was reached", room.limits_reached),
      counter("conclave_jingle_invitations", "Media sessions offered", focus.invitations),
      counter("conclave_jingle_accepted", "Media sessions accepted", focus.accepted),
      counter("conclave_jingle_refused", "Jingle answered by an error", focus.refused),
      counter("conclave_jingle_restarted", "Media sessions begun anew", focus.restarted),
      counter("conclave_media_failed", "Endpoints whose ICE or DTLS failed", focus.media_failed),
      gauge("conclave_media_tcp_connections", "Open connections that bring media over TCP", station.tcp_media().open()),
      counter("conclave_media_tcp_packets_in", "Packets received over TCP",
              station.tcp_media().counters().packets_in),
      counter("conclave_media_tcp_packets_out", "Packets sent over TCP", station.tcp_media().counters().packets_out),
      counter("conclave_media_tcp_dropped", "Packets not sent because the connection is slow",
              station.tcp_media().counters().dropped),
      counter("conclave_media_tcp_not_proven", "Connections ended because nobody proved who he is",
              station.tcp_media().counters().not_proven),
      counter("conclave_udp_datagrams_in", "Datagrams received on the media ports", udp.datagrams_in),
      counter("conclave_udp_datagrams_out", "Datagrams sent from the media ports", udp.datagrams_out),
      counter("conclave_udp_dropped_full", "Datagrams not sent because the queue to the kernel was full",
              udp.dropped_full),
      counter("conclave_udp_garbage", "Datagrams that are neither STUN, DTLS, RTP nor RTCP", sfu.garbage),
      counter("conclave_udp_unknown_address", "Datagrams from addresses that belong to nobody", sfu.unknown_address),
      counter("conclave_udp_unknown_ufrag", "STUN requests for nobody here", sfu.unknown_ufrag),
      counter("conclave_rtp_in", "RTP packets received", sfu.rtp_in),
      counter("conclave_rtp_forwarded", "RTP packets forwarded, once for each receiver", sfu.forwarded),
      counter("conclave_rtp_retransmitted", "RTP packets sent again", sfu.retransmitted),
      counter("conclave_rtp_malformed", "RTP packets that cannot be read", sfu.malformed_rtp),
      counter("conclave_rtcp_malformed", "RTCP packets that cannot be read", sfu.malformed_rtcp),
      counter("conclave_srtp_refused", "RTP and RTCP packets that SRTP refused", sfu.srtp_refused),
      counter("conclave_key_frames_requested", "Key frames asked of senders", sfu.key_frames_requested),
      counter("conclave_channels_opened", "Bridge channels opened", sfu.channels_opened),
      counter("conclave_channel_messages", "Bridge channel messages received", sfu.channel_messages),
      counter("conclave_channel_malformed", "Bridge channel messages that cannot be read", sfu.channel_malformed),
      counter("conclave_endpoints_connected", "Endpoints whose media connected", sfu.connected),
      counter("conclave_media_in_bytes", "Bytes received on the media ports", udp.bytes_in),
      counter("conclave_media_out_bytes", "Bytes sent from the media ports", udp.bytes_out),
      gauge("conclave_conferences", "Conferences of the SFU", media.conferences),
      gauge("conclave_endpoints", "Endpoints of the SFU", media.endpoints),
      counter("conclave_ice_failed", "Endpoints whose ICE failed", sfu.ice_failed),
      counter("conclave_dtls_failed", "Endpoints whose DTLS failed", sfu.dtls_failed),
      counter("conclave_dominant_speaker_changes", "Times that somebody else became the dominant speaker",
              sfu.dominant_speaker_changes),
  };
}

std::vector<Sample> credential_samples(const Common& common) {
  const auto counter = [](std::string_view name, std::string_view help, const Counter& value) {
    return Sample{name, "counter", help, value.value()};
  };
  const keys::KeyCounters& keys = common.token_desk->fetcher().counters();
  std::vector<Sample> samples{
      counter("conclave_key_fetches", "Requests to key servers", keys.fetches),
      counter("conclave_key_fetches_failed", "Requests to key servers that failed", keys.failures),
      counter("conclave_key_fetches_limited", "Requests to key servers not made because of a limit", keys.limited)};
  if (const ldap::Directory* directory = common.passwords.directory()) {
    const ldap::DirectoryCounters& ldap = directory->counters();
    samples.insert(
        samples.end(),
        {counter("conclave_ldap_logins_accepted", "Log-ins that the directory took", ldap.accepted),
         counter("conclave_ldap_logins_refused", "Log-ins that the directory refused", ldap.refused),
         counter("conclave_ldap_logins_unavailable", "Log-ins for which no directory server answered",
                 ldap.unavailable),
         counter("conclave_ldap_logins_cached", "Log-ins answered from the cache", ldap.from_cache),
         counter("conclave_ldap_servers_failed", "Times that a directory server failed", ldap.server_failures)});
  }
  if (common.single_sign_on != nullptr) {
    const oidc::SignInCounters& oidc = common.single_sign_on->counters();
    samples.insert(
        samples.end(),
        {counter("conclave_oidc_logins_begun", "Log-ins sent to the provider", oidc.begun),
         counter("conclave_oidc_logins_done", "Log-ins that the provider confirmed", oidc.done),
         counter("conclave_oidc_logins_refused", "Log-ins that the provider refused", oidc.refused),
         counter("conclave_oidc_logins_mismatched", "Answers that belong to no log-in of that browser",
                 oidc.mismatched),
         counter("conclave_oidc_logins_failed", "Log-ins that failed between the provider and here", oidc.failed),
         counter("conclave_oidc_logins_limited", "Log-ins not begun because of a limit", oidc.limited)});
  }
  return samples;
}

}  // namespace conclave::server
