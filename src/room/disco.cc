#include "room/disco.h"

#include "room/wire.h"

namespace conclave::room {
namespace {

xmpp::Element& add_query(xmpp::Element& answer, const xmpp::Element& iq, std::string_view xmlns) {
  xmpp::Element& query = answer.add("query", xmlns);
  const xmpp::Element* asked = iq.child("query", xmlns);
  if (asked && asked->has_attribute("node")) query.set("node", asked->attribute("node"));
  return query;
}

void add_identity(xmpp::Element& query, std::string_view name) {
  query.add("identity", xmlns::kDiscoInfo).set("category", "conference").set("type", "text").set("name", name);
}

void add_feature(xmpp::Element& query, std::string_view var) {
  query.add("feature", xmlns::kDiscoInfo).set("var", var);
}

}  // namespace

xmpp::Element service_info(const xmpp::Element& iq) {
  xmpp::Element answer = xmpp::result_of(iq);
  xmpp::Element& query = add_query(answer, iq, xmlns::kDiscoInfo);
  add_identity(query, "Conclave meetings");
  for (const std::string_view feature : {xmlns::kDiscoInfo, xmlns::kDiscoItems, xmlns::kMuc, xmlns::kPing}) {
    add_feature(query, feature);
  }
  return answer;
}

xmpp::Element service_items(const xmpp::Element& iq) {
  xmpp::Element answer = xmpp::result_of(iq);
  add_query(answer, iq, xmlns::kDiscoItems);
  return answer;
}

xmpp::Element room_info(const Meeting& meeting, const Occupant& who, const xmpp::Element& iq) {
  xmpp::Element answer = xmpp::result_of(iq);
  xmpp::Element& query = add_query(answer, iq, xmlns::kDiscoInfo);
  add_identity(query, meeting.jid().node);
  const std::string_view lock = meeting.password.empty() ? "muc_unsecured" : "muc_passwordprotected";
  // Also while somebody who was kicked knocks at a room without a lobby: moderators look there only if it says so.
  const std::size_t knocking = meeting.lobbies().count(meeting.name(), Knocker::Standing::Knocks);
  const bool has_lobby = !meeting.name().is_breakout() && meeting.policy().lobby_exists &&
                         (meeting.lobby != access::Lobby::Off || knocking > 0);
  for (const std::string_view feature :
       {xmlns::kMuc, std::string_view("muc_hidden"), std::string_view("muc_nonanonymous"),
        std::string_view(has_lobby ? "muc_membersonly" : "muc_open"), std::string_view("muc_temporary"),
        std::string_view("muc_unmoderated"), lock}) {
    add_feature(query, feature);
  }
  xmpp::Element& form = query.add("x", xmlns::kDataForms).set("type", "result");
  form.add(form_field("FORM_TYPE", "hidden", "http://jabber.org/protocol/muc#roominfo"));
  form.add(form_field("muc#roominfo_meetingId", "", meeting.meeting_id()));
  const std::optional<WallTime> created = meeting.created();
  const auto milliseconds = [](WallTime when) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count());
  };
  form.add(form_field("muc#roominfo_created_timestamp", "", created ? milliseconds(*created) : ""));
  if (has_lobby) form.add(form_field("muc#roominfo_lobbyroom", "", meeting.lobby_jid().str()));
  // Clients take any text for true: left out in other rooms.
  if (meeting.name().is_breakout()) {
    form.add(form_field("muc#roominfo_isbreakout", "", "1"));
    form.add(form_field("muc#roominfo_breakout_main_room", "", who.main_address.str()));
  }
  return answer;
}

xmpp::Element room_items(const xmpp::Element& iq) {
  return service_items(iq);
}

}  // namespace conclave::room
