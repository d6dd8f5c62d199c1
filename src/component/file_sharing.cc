#include "component/file_sharing.h"

#include <algorithm>

#include "component/json.h"

namespace conclave::component {
namespace {

constexpr xmpp::StanzaError kNotHis{"auth", "forbidden", "Files are not yours to share here."};

}  // namespace

void FileSharing::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const xmpp::Element* said = message.child("file-sharing", kJitmeet);
  if (said == nullptr) return;
  const std::string_view type = said->attribute("type");
  if (type != "add" && type != "remove") return;
  if (!room.may(from, access::Capability::ShareFiles).admitted()) return refuse(from, message, kNotHis);
  if (type == "add") return add(room, from, message, said->text());
  remove(room, from, message, std::string(said->attribute("fileId")));
}

void FileSharing::add(room::Room& room, const room::Occupant& by, const xmpp::Element& message,
                      const std::string& said) {
  if (said.size() > kMaxFileBytes)
    return refuse(by, message, {"cancel", "not-allowed", "This is more than may be said of a file."});
  std::optional<Json> read = read_object(said, kMaxFileBytes);
  const std::string id = read ? text_in(*read, "fileId") : std::string();
  if (id.empty()) return;
  Json& file = *read;
  std::vector<File>& files = rooms_[&room];
  // Nobody speaks of another's file as his own.
  if (std::ranges::any_of(files, [&](const File& one) { return one.id == id; })) return;
  if (files.size() >= kMaxFiles)
    return refuse(by, message, {"cancel", "not-allowed", "This meeting has as many files as it may have."});
  file["authorParticipantId"] = by.nick;
  file["authorParticipantJid"] = by.real_jid.str();
  file["authorParticipantName"] = std::string(by.presence.child_text("nick"));
  file["conferenceFullName"] = room.jid().str();
  files.push_back({.id = id, .author = by.identity.subject, .json = text_of(file)});
  const std::string told = text_of({{"type", "file-sharing"}, {"event", "add"}, {"file", std::move(file)}});
  for (const auto& who : room.occupants()) {
    if (who.get() != &by) tell(*who, told);
  }
}

void FileSharing::remove(room::Room& room, const room::Occupant& by, const xmpp::Element& message,
                         const std::string& id) {
  const auto files = rooms_.find(&room);
  if (files == rooms_.end()) return;
  const auto file = std::ranges::find_if(files->second, [&](const File& one) { return one.id == id; });
  if (file == files->second.end()) return;
  if (file->author != by.identity.subject && !access::moderates(by.role)) return refuse(by, message, kNotHis);
  files->second.erase(file);
  const std::string told = text_of({{"type", "file-sharing"}, {"event", "remove"}, {"fileId", id}});
  for (const auto& who : room.occupants()) {
    if (who.get() != &by) tell(*who, told);
  }
}

void FileSharing::occupant_joined(room::Room& room, const room::Occupant& who) {
  const auto files = rooms_.find(&room);
  if (files == rooms_.end() || files->second.empty()) return;
  Json list = Json::object();
  for (const File& file : files->second) list[file.id] = Json::parse(file.json);
  tell(who, text_of({{"type", "file-sharing"}, {"event", "list"}, {"files", std::move(list)}}));
}

void FileSharing::room_closed(room::Room& room) {
  rooms_.erase(&room);
}

}  // namespace conclave::component
