#include <algorithm>

#include "sfu/conference_state.h"
#include "sfu/limits.h"

namespace conclave::sfu {
namespace {

bool acceptable(const std::vector<Source>& sources) {
  std::vector<std::uint32_t> seen;
  for (const Source& source : sources) {
    const std::size_t encodings = source.ssrcs.size();
    if (encodings == 0 || encodings > kMaxEncodings || (source.kind == MediaKind::Audio && encodings > 1)) return false;
    if (!source.rtx.empty() && source.rtx.size() != encodings) return false;
    for (const std::uint32_t ssrc : source.ssrcs) {
      if (ssrc == 0) return false;
      seen.push_back(ssrc);
    }
    for (const std::uint32_t ssrc : source.rtx) {
      if (ssrc != 0) seen.push_back(ssrc);
    }
  }
  std::sort(seen.begin(), seen.end());
  return std::adjacent_find(seen.begin(), seen.end()) == seen.end();
}

bool same_media(const Source& a, const Source& b) {
  return a.name == b.name && a.kind == b.kind && a.ssrcs == b.ssrcs && a.rtx == b.rtx;
}

void unpublish(Conference::State& conference, PublishedSource& source) {
  for (const auto& receiver : conference.endpoints) receiver->send_path().detach(source);
  conference.slots[source.slot] = nullptr;
}

void publish(Conference::State& conference, PublishedSource& source) {
  const auto free = std::find(conference.slots.begin(), conference.slots.end(), nullptr);
  source.slot = static_cast<std::uint32_t>(free - conference.slots.begin());
  if (free == conference.slots.end()) {
    conference.slots.push_back(&source);
  } else {
    *free = &source;
  }
  for (const auto& receiver : conference.endpoints) {
    if (receiver.get() != &source.owner) receiver->send_path().attach(source);
  }
}

}  // namespace

EndpointError replace_sources(Conference::State& conference, Endpoint& endpoint, std::vector<Source> sources) {
  if (sources.size() > kMaxSourcesPerEndpoint) return EndpointError::TooManySources;
  if (!acceptable(sources)) return EndpointError::BadSources;
  auto before = endpoint.give_sources();
  std::vector<std::unique_ptr<PublishedSource>> after;
  for (Source& source : sources) {
    const auto kept = std::find_if(before.begin(), before.end(), [&](const auto& b) { return b && same_media(b->description, source); });
    if (kept != before.end()) {
      (*kept)->description.video_type = source.video_type;
      after.push_back(std::move(*kept));
    } else {
      after.push_back(std::make_unique<PublishedSource>(endpoint, std::move(source)));
    }
  }
  // First the old ones go, so that a new one may have their SSRCs.
  std::vector<PublishedSource*> old;
  for (PublishedSource* known : conference.slots) {
    if (known != nullptr && &known->owner == &endpoint) old.push_back(known);
  }
  for (const auto& gone : before) {
    if (gone) unpublish(conference, *gone);
  }
  for (const auto& source : after) {
    if (std::find(old.begin(), old.end(), source.get()) == old.end()) publish(conference, *source);
  }
  endpoint.take_sources(std::move(after));
  conference.allocation_due = true;
  return EndpointError::None;
}

void remove_sources(Conference::State& conference, Endpoint& endpoint) {
  for (const auto& source : endpoint.sources()) unpublish(conference, *source);
  endpoint.take_sources({});
  conference.allocation_due = true;
}

}  // namespace conclave::sfu
