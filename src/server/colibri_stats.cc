#include "server/colibri_stats.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"
#include "server/gather.h"
#include "sfu/counters.h"
#include "sfu/statistics.h"

namespace conclave::server {
namespace {

using Json = nlohmann::ordered_json;

struct View {
  sfu::Statistics now;
  double load = 0;
  // In the order of kTotals.
  std::vector<std::uint64_t> totals;
};

struct Total {
  std::string_view name;
  Counter sfu::SfuCounters::*counter;
};
constexpr Total kTotals[] = {
    {"total_conferences_created", &sfu::SfuCounters::conferences_created},
    {"total_conferences_completed", &sfu::SfuCounters::conferences_ended},
    {"total_conference_seconds", &sfu::SfuCounters::conference_milliseconds},  // made seconds below
    {"total_participants", &sfu::SfuCounters::endpoints_created},
    {"num_eps_no_msg_transport_after_delay", &sfu::SfuCounters::channels_missing},
    {"total_keyframes_received", &sfu::SfuCounters::key_frames_in},
    {"total_layering_changes_received", &sfu::SfuCounters::layer_changes},
    {"total_video_stream_milliseconds_received", &sfu::SfuCounters::video_milliseconds_in},
    {"total_colibri_web_socket_messages_received", &sfu::SfuCounters::channel_messages},
    {"total_colibri_web_socket_messages_sent", &sfu::SfuCounters::channel_messages_out},
    {"total_bytes_received", &sfu::SfuCounters::bytes_in},
    {"total_bytes_sent", &sfu::SfuCounters::bytes_out},
    {"total_packets_received", &sfu::SfuCounters::datagrams_in},
    {"total_packets_sent", &sfu::SfuCounters::datagrams_out},
    {"total_dominant_speaker_changes", &sfu::SfuCounters::dominant_speaker_changes},
    {"total_ice_failed", &sfu::SfuCounters::ice_failed},
    {"total_ice_succeeded", &sfu::SfuCounters::ice_connected},
    {"endpoints_ice_failed", &sfu::SfuCounters::ice_failed},
    {"dtls_failed_endpoints", &sfu::SfuCounters::dtls_failed},
    {"endpoints_disconnected", &sfu::SfuCounters::endpoints_silent},
    {"endpoints_reconnected", &sfu::SfuCounters::endpoints_returned},
};

// What there is none of here: no other bridge, no data channel, no TURN of ours, no XMPP client in a bridge, and
// nothing is drained.
constexpr std::string_view kZeros[] = {"tcc_unmatched_feedback",
                                       "octo_conferences",
                                       "octo_endpoints",
                                       "visitors",
                                       "total_visitors",
                                       "total_relays",
                                       "num_relays_no_msg_transport_after_delay",
                                       "total_data_channel_messages_received",
                                       "total_data_channel_messages_sent",
                                       "total_bytes_received_octo",
                                       "total_bytes_sent_octo",
                                       "total_packets_received_octo",
                                       "total_packets_sent_octo",
                                       "preemptive_kfr_sent",
                                       "preemptive_kfr_suppressed",
                                       "total_ice_succeeded_relayed",
                                       "relays_ice_failed",
                                       "dtls_failed_relays",
                                       "endpoints_with_spurious_remb",
                                       "octo_receive_bitrate",
                                       "octo_receive_packet_rate",
                                       "octo_send_bitrate",
                                       "octo_send_packet_rate",
                                       "muc_clients_configured",
                                       "muc_clients_connected",
                                       "mucs_configured",
                                       "mucs_joined"};

std::int64_t whole(double value) {
  return std::llround(value);
}

void add_rates(Json& json, const sfu::Statistics& now) {
  const double expected = now.expected_in + now.sent / 2;  // of half a second both
  json["incoming_loss"] = now.loss_in();
  json["outgoing_loss"] = now.loss_out();
  json["overall_loss"] = expected > 0 ? (now.lost_in + now.lost_out / 2) / expected : 0.0;
  json["endpoints_with_high_outgoing_loss"] = now.losing;
  json["bit_rate_download"] = whole(now.bps_in / 1000);
  json["bit_rate_upload"] = whole(now.bps_out / 1000);
  json["packet_rate_download"] = whole(now.packets_per_second_in);
  json["packet_rate_upload"] = whole(now.packets_per_second_out);
  const double milliseconds = std::chrono::duration<double, std::milli>(now.round_trips).count();
  json["rtt_aggregate"] = now.round_trips_known == 0 ? 0.0 : milliseconds / static_cast<double>(now.round_trips_known);
  json["num_eps_oversending"] = now.oversending;
}

void add_counts(Json& json, const sfu::Statistics& now, double load, std::size_t loops) {
  json["conferences"] = now.conferences;
  json["inactive_conferences"] = now.silent_conferences;
  json["p2p_conferences"] = now.silent_pairs;
  json["largest_conference"] = now.largest_conference;
  json["endpoints"] = json["participants"] = json["local_endpoints"] = now.endpoints;
  json["local_active_endpoints"] = now.endpoints - now.endpoints_in_silent_conferences;
  json["inactive_endpoints"] = now.endpoints_in_silent_conferences;
  json["receive_only_endpoints"] = now.sending_nothing;
  json["endpoints_sending_audio"] = now.sending_audio;
  json["endpoints_sending_video"] = now.sending_video;
  json["endpoints_with_suspended_sources"] = now.suspended;
  json["threads"] = loops;
  json["stress_level"] = load;
  json["average_participant_stress"] = now.endpoints == 0 ? 0.0 : load / static_cast<double>(now.endpoints);
}

// "2026-01-31 12:00:00.000", which is what stock says; a loop knows whole seconds.
std::string timestamp(WallTime now) {
  std::string text = rfc3339(now).substr(0, 19);
  text[10] = ' ';
  return text + ".000";
}

void add_state(Json& json, std::string_view region, WallTime now) {
  json["graceful_shutdown"] = json["shutting_down"] = json["drain"] = false;
  json["healthy"] = true;  // every loop has answered
  json["current_timestamp"] = timestamp(now);
  json["relay_id"] = json["release"] = "";
  json["version"] = CONCLAVE_VERSION;
  json["region"] = region;
}

Json as_json(const std::vector<View>& stations, std::string_view region, WallTime at) {
  sfu::Statistics now;
  double load = 0;
  for (const View& station : stations) {
    now.add(station.now);
    load = std::max(load, station.load);
  }
  Json json = Json::object();
  add_rates(json, now);
  add_counts(json, now, load, stations.size());
  for (std::size_t i = 0; i < std::size(kTotals); ++i) {
    std::uint64_t all = 0;
    for (const View& station : stations) all += station.totals[i];
    if (kTotals[i].counter == &sfu::SfuCounters::conference_milliseconds) all /= 1000;
    json[std::string(kTotals[i].name)] = all;
  }
  for (const std::string_view name : kZeros) json[std::string(name)] = 0;
  add_state(json, region, at);
  return json;
}

View view(Station& station, LoopLoad& load) {
  View seen{.now = station.sfu().statistics(), .load = load.share(station.loop().now()), .totals = {}};
  for (const Total& total : kTotals) seen.totals.push_back((station.sfu().counters().*total.counter).value());
  return seen;
}

}  // namespace

ColibriStats::ColibriStats(Common& common, std::string region) : common_(common), region_(std::move(region)) {
  for (const Station* station : common.stations) loads_.emplace_back(station->loop().now());
}

void ColibriStats::answer(HttpReply reply) {
  // When this goes no loop runs any more.
  gather<View>(
      common_, [this](Station& station) { return view(station, loads_[station.loop().id().value]); },
      [this, reply = std::move(reply)](const std::vector<View>& stations) mutable {
        const WallTime now = common_.stations.front()->loop().wall_now();
        reply(HttpResponse::json(200, as_json(stations, region_, now).dump() + "\n"));
      });
}

}  // namespace conclave::server
