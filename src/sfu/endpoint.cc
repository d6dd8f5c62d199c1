#include "sfu/endpoint.h"

#include <algorithm>

#include "sfu/bridge_channel.h"
#include "sfu/conference_state.h"
#include "sfu/context.h"
#include "sfu/distribution.h"
#include "sfu/feedback.h"

namespace conclave::sfu {
namespace {
constexpr Duration kIdleWake = 1s;  // when nothing is due
}

PublishedSource::PublishedSource(Endpoint& sender, Source what)
    : owner(sender), description(std::move(what)), encodings(description.ssrcs.size()), layers(description.ssrcs.size()) {
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    encodings[i].ssrc = description.ssrcs[i];
    encodings[i].rtx = description.rtx.empty() ? 0 : description.rtx[i];
    encodings[i].clock_rate = is_video() ? 90000 : 48000;
  }
}

Endpoint::Endpoint(Context& context, Conference::State& conference, EndpointId id, SpeakerKey key)
    : context_(context),
      conference_(conference),
      id_(std::move(id)),
      key_(key),
      created_(context.now()),
      transport_(context, *this),
      send_path_(context, *this),
      channel_(*this) {
  wake_place_ = context_.wakes.add(*this, created_);
  keep_ticking(context_);
  context_.counters.endpoints_created.add();
}

Endpoint::~Endpoint() {
  if (Endpoint* moved = context_.wakes.remove(wake_place_)) moved->set_wake_place(wake_place_);
}

const Endpoint::Stream* Endpoint::find_stream(std::uint32_t ssrc) const {
  const auto found = std::lower_bound(streams_.begin(), streams_.end(), ssrc, [](const Stream& s, std::uint32_t v) { return s.ssrc < v; });
  return found != streams_.end() && found->ssrc == ssrc ? &*found : nullptr;
}

void Endpoint::take_sources(std::vector<std::unique_ptr<PublishedSource>> sources) {
  sources_ = std::move(sources);
  streams_.clear();
  for (const auto& source : sources_) {
    for (std::size_t i = 0; i < source->encodings.size(); ++i) {
      const auto index = static_cast<std::uint8_t>(i);
      streams_.push_back({.ssrc = source->encodings[i].ssrc, .source = source.get(), .encoding = index, .is_rtx = false});
      if (source->encodings[i].rtx != 0) {
        streams_.push_back({.ssrc = source->encodings[i].rtx, .source = source.get(), .encoding = index, .is_rtx = true});
      }
    }
  }
  std::sort(streams_.begin(), streams_.end(), [](const Stream& a, const Stream& b) { return a.ssrc < b.ssrc; });
}

void Endpoint::wake_by(TimePoint at) { context_.wakes.not_later_than(wake_place_, at); }

void Endpoint::advance(TimePoint now) {
  transport_.advance(now);
  TimePoint next = now + kIdleWake;
  const auto sooner = [&](std::optional<TimePoint> at) {
    if (at && *at < next) next = *at;
  };
  if (!connected_ && !failed_) {
    if (now - created_ >= kNeverConnectedLimit) {
      context_.counters.never_connected.add();
      transport_failed("not connected within two minutes");
      transport_.abandon();
    } else {
      sooner(created_ + kNeverConnectedLimit);
    }
  }
  if (transport_.ready()) {
    send_due_nacks(*this, now);
    send_transport_feedback(*this, now);
    if (now >= next_report_) {
      send_receiver_reports(*this, now);
      take_stock(now);
      next_report_ = now + kReportInterval;
    }
    sooner(next_report_);
    sooner(try_network(now));
    if (now >= next_stats_) {
      next_stats_ = now + kConnectionStatsInterval;
      if (const auto bps = send_path_.downlink().estimate(now)) channel_.send(connection_stats_message(*bps));
    }
    sooner(feedback_.deadline());
    for (const auto& source : sources_) {
      for (const Encoding& encoding : source->encodings) sooner(encoding.nack.deadline());
    }
  }
  sooner(transport_.deadline());
  context_.wakes.set(wake_place_, next);
}

void Endpoint::take_stock(TimePoint now) {
  SfuCounters& counters = context_.counters;
  received_.sample(now);
  send_path_.sent().sample(now);
  if (stock_taken_ != TimePoint{}) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - stock_taken_).count();
    for (const auto& source : sources_) {
      if (!source->is_video()) continue;
      for (const Encoding& encoding : source->encodings) {
        if (encoding.statistics.interval().expected > 0) counters.video_milliseconds_in.add(static_cast<std::uint64_t>(passed));
      }
    }
  }
  stock_taken_ = now;
  if (had_channel_) return;
  had_channel_ = channel_.is_open();
  if (had_channel_ || now - created_ < kChannelExpected) return;
  had_channel_ = true;
  counters.channels_missing.add();
}

std::optional<TimePoint> Endpoint::try_network(TimePoint now) {
  allocate_if_changed(*this, now);
  if (const std::size_t bytes = send_path_.downlink().padding_due(now, send_path_.round_trip()); bytes > 0) send_path_.send_padding(now, bytes);
  return send_path_.downlink().deadline();
}

void Endpoint::transport_connected(TimePoint now) {
  connected_ = true;
  heard(now);
  context_.counters.connected.add();
  context_.events.push_back({PendingEvent::Kind::Connected, &conference_, &conference_.listener, id_, {}});
  // Its sources may be wanted already, and it may want others'.
  conference_.allocation_due = true;
  wake_by(now);
}

void Endpoint::transport_failed(std::string_view why) {
  if (failed_) return;
  failed_ = true;
  context_.events.push_back({PendingEvent::Kind::Failed, &conference_, &conference_.listener, id_, std::string(why)});
}

bool Endpoint::update_connectivity(TimePoint now) {
  std::optional<TimePoint> last = last_heard_;
  if (const auto ice = transport_.last_heard(); ice && (!last || *ice > *last)) last = ice;
  const bool active = last ? now - *last < kSilenceLimit : now - created_ < kFirstTrafficLimit;
  return std::exchange(active_, active) != active;
}

}  // namespace conclave::sfu
