#pragma once
// Polls of a meeting (signalling.md 6.6): asked, answered and shown to everybody, and to those who come later.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "component/component.h"

namespace conclave::component {

// Of one meeting, and of those the ones that one person asked. The next poll is refused with not-allowed.
inline constexpr std::size_t kMaxPolls = 128;
inline constexpr std::size_t kMaxPollsOfPerson = 32;
// Of a poll's JSON, and its choices: longer ones are refused with not-allowed.
inline constexpr std::size_t kMaxPollBytes = 1'024;
inline constexpr std::size_t kMaxChoices = 20;
// All polls of a meeting with their votes, as a newcomer is told them in one stanza; the share of one person's polls
// and votes. What would exceed them is refused with not-allowed.
inline constexpr std::size_t kMaxListBytes = 128 * 1'024;
inline constexpr std::size_t kMaxListBytesOfPerson = 32 * 1'024;

class Polls final : public Component {
 public:
  using Component::Component;

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void room_closed(room::Room& room) override;

 private:
  struct Vote {
    std::string name;  // of the voter, when he voted
    std::vector<bool> answers;
    std::size_t bytes;  // in the list
  };
  struct Poll {
    std::string id;
    std::string question;
    std::string sender;  // nick
    std::string sender_name;
    std::vector<std::string> answers;
    std::map<std::string, Vote> votes;  // by nick
  };
  struct Meeting {
    std::vector<Poll> polls;
    std::size_t bytes = 0;                      // of the list as it is written
    std::map<std::string, std::size_t> shares;  // of it, by nick

    Poll* find(const std::string& id);
    // Counts it in; false, and nothing has changed, if that would be too much.
    bool grow(const std::string& nick, std::size_t before, std::size_t now);
  };
  struct Said;  // the JSON: its header is heavy

  void ask(room::Room& room, const room::Occupant& from, const xmpp::Element& message, const Said& said);
  void vote(room::Room& room, const room::Occupant& from, const xmpp::Element& message, const Said& said);

  std::map<const room::Room*, Meeting> rooms_;
};

}  // namespace conclave::component
