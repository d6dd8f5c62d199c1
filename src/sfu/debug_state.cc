#include <nlohmann/json.hpp>

#include "sfu/conference_state.h"
#include "sfu/sfu_state.h"

namespace conclave::sfu {
namespace {

using Json = nlohmann::json;

Json state_of(const Endpoint& endpoint) {
  Json json = {{"transport", endpoint.transport().state()},
               {"active", endpoint.active()},
               {"channel", endpoint.channel().is_open()},
               {"round_trip_ms", std::chrono::duration_cast<std::chrono::milliseconds>(endpoint.send_path().round_trip()).count()},
               {"estimated_downlink_bps", endpoint.send_path().downlink().estimate(endpoint.context().now()).value_or(0)},
               {"remembered_ssrcs", endpoint.send_path().remembered_ssrcs()},
               {"forwarded_sources", Json::array()},
               {"sources", Json::object()},
               {"receives", Json::object()}};
  if (endpoint.transport().selected()) json["address"] = endpoint.transport().selected()->str();
  for (const auto& source : endpoint.sources()) {
    Json& entry = json["sources"][source->description.name];
    entry = {{"enabled", source->enabled()}, {"encodings", Json::array()}};
    for (std::size_t i = 0; i < source->encodings.size(); ++i) {
      entry["encodings"].push_back({{"ssrc", source->encodings[i].ssrc},
                                    {"packets", source->encodings[i].statistics.packets()},
                                    {"active", source->is_video() && source->layers.active(i)},
                                    {"bps", source->is_video() ? source->layers.bps(endpoint.context().now(), i) : 0},
                                    {"height", source->is_video() ? source->layers.height(i) : 0}});
    }
  }
  for (const auto& stream : endpoint.send_path().streams()) {
    if (!stream) continue;
    json["receives"][stream->source.description.name] = {{"target", stream->projection.target()},
                                                         {"current", stream->projection.current()},
                                                         {"max_height", stream->max_height},
                                                         {"limited", name(stream->limited_by)},
                                                         {"packets", stream->primary == nullptr ? 0 : stream->primary->packets}};
  }
  return json;
}

}  // namespace

std::string Sfu::debug_state() const {
  assert_here();
  Json json = {{"endpoints", state_->context.wakes.size()},
               {"addresses", state_->context.ingress.addresses()},
               {"conferences", Json::object()}};
  for (const auto& [id, conference] : state_->context.conferences) {
    Json& entry = json["conferences"][id];
    entry = {{"video_ssrc", conference->video_ssrc}, {"endpoints", Json::object()}};
    for (const auto& endpoint : conference->endpoints) entry["endpoints"][endpoint->id()] = state_of(*endpoint);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace conclave::sfu
