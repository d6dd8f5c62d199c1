#pragma once
// Polls of a meeting (signalling.md 6.6): asked, answered and shown to everybody, and to those who come later.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "component/component.h"

namespace conclave::component {

// Of one meeting. The next poll is refused with not-allowed.
inline constexpr std::size_t kMaxPolls = 128;
// Of a poll's JSON: longer ones are refused with not-allowed.
inline constexpr std::size_t kMaxPollBytes = 1'024;
// Votes on one poll, those of people who have left included. Further ones are dropped.
inline constexpr std::size_t kMaxVoters = 1'000;

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
  };
  struct Poll {
    std::string id;
    std::string question;
    std::string sender;  // nick
    std::string sender_name;
    std::vector<std::string> answers;
    std::map<std::string, Vote> votes;  // by nick
  };

  Poll* find(room::Room& room, const std::string& id);

  std::map<const room::Room*, std::vector<Poll>> rooms_;
};

}  // namespace conclave::component
