#include "component/components.h"

#include <algorithm>
#include <utility>

#include "component/breakout_rooms.h"
#include "component/end_conference.h"
#include "component/file_sharing.h"
#include "component/polls.h"
#include "component/speaker_stats.h"
#include "component/visitors.h"
#include "room/rooms.h"

namespace conclave::component {

Components::Components(Loop& loop, const Addresses& addresses, xmpp::Outbox& outbox, MediaOrders& orders,
                       RoomMetadata::Relays relays) {
  auto metadata = std::make_unique<RoomMetadata>(addresses.room_metadata, outbox, std::move(relays));
  auto moderation =
      std::make_unique<AvModeration>(addresses.av_moderation, outbox, orders,
                                     [&metadata = *metadata](room::Room& room, sfu::SourceClass which, bool on) {
                                       metadata.moderated(room, which, on);
                                     });
  av_moderation_ = moderation.get();
  metadata_ = metadata.get();
  all_.push_back(std::move(metadata));
  all_.push_back(std::move(moderation));
  all_.push_back(std::make_unique<SpeakerStats>(addresses.speaker_stats, outbox, loop));
  all_.push_back(std::make_unique<BreakoutRooms>(addresses.breakout_rooms, outbox, loop));
  all_.push_back(std::make_unique<EndConference>(addresses.end_conference, outbox));
  all_.push_back(std::make_unique<FileSharing>(addresses.file_sharing, outbox));
  all_.push_back(std::make_unique<Visitors>(addresses.visitors, outbox));
  all_.push_back(std::make_unique<Polls>(addresses.polls, outbox));
}

Components::~Components() = default;

void Components::join(room::RoomListeners& listeners) {
  for (const auto& one : all_) listeners.add(*one);
}

void Components::message(room::Rooms& rooms, xmpp::SessionId from, std::string_view address,
                         const xmpp::Element& message) {
  const auto component = std::ranges::find(all_, address, [](const auto& one) { return one->address(); });
  if (component == all_.end() || message.attribute("type") == "error") return;
  const auto named =
      std::ranges::find_if(message.children(), [](const auto& one) { return one.has_attribute("room"); });
  const auto jid = named == message.children().end() ? std::nullopt : xmpp::Jid::parse(named->attribute("room"));
  room::Room* room = rooms.room_of(from, jid);
  if (room == nullptr) return;
  (*component)->message(*room, *std::as_const(*room).find(from), message);
}

}  // namespace conclave::component
