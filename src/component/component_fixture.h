#pragma once
// For the tests of this folder: rooms with their clients (room/room_fixture.h), and the component that is tested.
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

#include "component/component.h"
#include "room/room_fixture.h"

namespace conclave::component {

using Json = nlohmann::json;
using room::room_name;

class ComponentTest : public room::RoomsTest {
 protected:
  // `payload` as a message of somebody inside the room.
  void say(Component& component, std::string_view room, const room::Client& who, std::string_view payload) {
    const auto message =
        xmpp::parse("<message id='m1' to='" + component.address() + "'>" + std::string(payload) + "</message>");
    ASSERT_TRUE(message) << payload;
    room::Room* found = rooms.find(room_name(room));
    ASSERT_NE(found, nullptr);
    const room::Occupant* occupant = std::as_const(*found).find(who.visitor.sender.session);
    ASSERT_NE(occupant, nullptr) << who.nick << " is not inside";
    component.message(*found, *occupant, *message);
  }
  static std::string json_message(const Json& json) {
    xmpp::Element element("json-message", kJitmeet);
    element.set_text(json.dump());
    return element.str();
  }
  // What a component told him as JSON since the last call; everything else is forgotten.
  std::vector<Json> told(const room::Client& who) {
    std::vector<Json> all;
    for (const xmpp::Element& stanza : take_stanzas(who)) {
      const xmpp::Element* json = stanza.child("json-message", kJitmeet);
      if (json != nullptr && stanza.attribute("type").empty()) all.push_back(Json::parse(json->text()));
    }
    return all;
  }
  // The condition of the one error that he was sent since the last call; "" if there was none.
  std::string refusal(const room::Client& who) {
    std::string condition;
    for (const xmpp::Element& stanza : take_stanzas(who)) {
      const xmpp::Element* error = stanza.child("error");
      if (error != nullptr) condition = error->children().front().name();
    }
    return condition;
  }
};

}  // namespace conclave::component
