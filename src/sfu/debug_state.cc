#include <nlohmann/json.hpp>

#include "sfu/conference_state.h"
#include "sfu/sfu_state.h"

namespace conclave::sfu {
namespace {

using Json = nlohmann::json;

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

Json as_json(const Traffic& traffic) {
  return {{"bps", std::llround(traffic.rate().bps())},
          {"packets_per_second", std::llround(traffic.rate().packets_per_second())},
          {"packets", traffic.totals().packets},
          {"bytes", traffic.totals().bytes}};
}

Json state_of(TimePoint now, const PublishedSource& source, std::size_t i) {
  const Encoding& encoding = source.encodings[i];
  const rtp::ReceptionStatistics::Interval interval = encoding.statistics.interval();
  return {{"ssrc", encoding.ssrc},
          {"packets", encoding.statistics.packets()},
          {"loss", interval.expected == 0 ? 0.0 : static_cast<double>(interval.lost) / interval.expected},
          {"jitter_ms", milliseconds(encoding.statistics.jitter(encoding.clock_rate))},
          {"active", source.is_video() ? source.layers.active(i) : interval.expected > 0},
          {"bps", source.is_video() ? source.layers.bps(now, i) : 0},
          {"height", source.is_video() ? source.layers.height(i) : 0}};
}

Json state_of(TimePoint now, const PublishedSource& source) {
  Json encodings = Json::array();
  for (std::size_t i = 0; i < source.encodings.size(); ++i) encodings.push_back(state_of(now, source, i));
  return {{"name", source.description.name},
          {"kind", source.is_video() ? "video" : "audio"},
          {"enabled", source.enabled()},
          {"muted_by_moderator", source.owner.force_muted(source.source_class())},
          {"encodings", std::move(encodings)}};
}

Json state_of(const SendStream& stream) {
  return {{"source", stream.source.description.name},
          {"target", stream.projection.target()},
          {"current", stream.projection.current()},
          {"max_height", stream.max_height},
          {"limited", name(stream.limited_by)},
          {"packets", stream.primary == nullptr ? 0 : stream.primary->packets}};
}

Json state_of(const Endpoint& endpoint) {
  const TimePoint now = endpoint.context().now();
  const SendPath& path = endpoint.send_path();
  Json sources = Json::array();
  for (const auto& source : endpoint.sources()) sources.push_back(state_of(now, *source));
  Json receives = Json::array();
  for (const auto& stream : path.streams()) {
    if (stream) receives.push_back(state_of(*stream));
  }
  Json json = {{"id", endpoint.id()},
               {"transport", endpoint.transport().state()},
               {"address", nullptr},
               {"active", endpoint.active()},
               {"channel", endpoint.channel().is_open()},
               {"round_trip_ms", path.round_trip_known() ? Json(milliseconds(path.round_trip())) : Json(nullptr)},
               {"estimated_downlink_bps", nullptr},
               {"loss", path.reported_loss()},
               {"in", as_json(endpoint.received())},
               {"out", as_json(path.sent())},
               {"remembered_ssrcs", path.remembered_ssrcs()},
               {"sources", std::move(sources)},
               {"receives", std::move(receives)}};
  if (endpoint.transport().selected()) json["address"] = endpoint.transport().selected()->str();
  if (const auto bps = path.downlink().estimate(now)) json["estimated_downlink_bps"] = *bps;
  return json;
}

Json state_of(const Conference::State& conference) {
  Json endpoints = Json::array();
  for (const auto& endpoint : conference.endpoints) endpoints.push_back(state_of(*endpoint));
  return {{"endpoints", std::move(endpoints)}};
}

// Names are of clients and need not be UTF-8.
std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string Conference::debug_state() const { return text_of(state_of(*state_)); }

std::string Sfu::debug_state() const {
  assert_here();
  Json json = {{"endpoints", state_->context.wakes.size()},
               {"addresses", state_->context.ingress.addresses()},
               {"conferences", Json::object()}};
  for (const auto& [id, conference] : state_->context.conferences) json["conferences"][id] = state_of(*conference);
  return text_of(json);
}

}  // namespace conclave::sfu
