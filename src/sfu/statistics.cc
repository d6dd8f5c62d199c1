#include "sfu/statistics.h"

#include <algorithm>

#include "sfu/conference_state.h"
#include "sfu/sfu_state.h"

namespace conclave::sfu {
namespace {

bool is_sending(const Endpoint& endpoint, MediaKind kind) {
  return std::ranges::any_of(endpoint.sources(), [kind](const auto& source) {
    return source->kind() == kind && std::ranges::any_of(source->encodings, [](const Encoding& encoding) {
             return encoding.statistics.interval().expected > 0;
           });
  });
}

bool is_suspended(const std::unique_ptr<SendStream>& stream) {
  return stream && stream->source.is_video() && stream->limited_by == LimitedBy::Estimate &&
         stream->projection.target() == kNoEncoding;
}

// True if it sends anything.
bool add_endpoint(Statistics& all, const Endpoint& endpoint) {
  const bool audio = is_sending(endpoint, MediaKind::Audio);
  const bool video = is_sending(endpoint, MediaKind::Video);
  const SendPath& path = endpoint.send_path();
  const double sent = path.sent().rate().packets_per_second();
  all.sending_audio += audio ? 1 : 0;
  all.sending_video += video ? 1 : 0;
  all.sending_nothing += audio || video ? 0 : 1;
  all.losing += path.reported_loss() > Statistics::kHighLoss ? 1 : 0;
  all.suspended += std::ranges::any_of(path.streams(), is_suspended) ? 1 : 0;
  all.oversending += path.downlink().oversending() ? 1 : 0;
  all.sent += sent;
  all.lost_out += sent * path.reported_loss();
  for (const auto& source : endpoint.sources()) {
    for (const Encoding& encoding : source->encodings) {
      all.expected_in += encoding.statistics.interval().expected;
      all.lost_in += encoding.statistics.interval().lost;
    }
  }
  if (path.round_trip_known()) {
    all.round_trips += path.round_trip();
    ++all.round_trips_known;
  }
  return audio || video;
}

void add_conference(Statistics& all, const Conference::State& conference) {
  const std::size_t size = conference.endpoints.size();
  bool silent = true;
  for (const auto& endpoint : conference.endpoints) silent = !add_endpoint(all, *endpoint) && silent;
  ++all.conferences;
  all.endpoints += size;
  all.largest_conference = std::max(all.largest_conference, size);
  if (!silent) return;
  ++all.silent_conferences;
  all.silent_pairs += size == 2 ? 1 : 0;
  all.endpoints_in_silent_conferences += size;
}

}  // namespace

void Statistics::add(const Statistics& other) {
  conferences += other.conferences;
  silent_conferences += other.silent_conferences;
  silent_pairs += other.silent_pairs;
  largest_conference = std::max(largest_conference, other.largest_conference);
  endpoints += other.endpoints;
  endpoints_in_silent_conferences += other.endpoints_in_silent_conferences;
  sending_audio += other.sending_audio;
  sending_video += other.sending_video;
  sending_nothing += other.sending_nothing;
  losing += other.losing;
  suspended += other.suspended;
  oversending += other.oversending;
  bps_in += other.bps_in;
  bps_out += other.bps_out;
  packets_per_second_in += other.packets_per_second_in;
  packets_per_second_out += other.packets_per_second_out;
  expected_in += other.expected_in;
  lost_in += other.lost_in;
  sent += other.sent;
  lost_out += other.lost_out;
  round_trips += other.round_trips;
  round_trips_known += other.round_trips_known;
}

Statistics Sfu::statistics() const {
  assert_here();
  const Context& context = state_->context;
  Statistics all;
  for (const auto& [id, conference] : context.conferences) add_conference(all, *conference);
  if (all.endpoints == 0) return all;  // nothing ticks, so the rates are old
  all.bps_in = context.rate_in.bps();
  all.bps_out = context.rate_out.bps();
  all.packets_per_second_in = context.rate_in.packets_per_second();
  all.packets_per_second_out = context.rate_out.packets_per_second();
  return all;
}

}  // namespace conclave::sfu
