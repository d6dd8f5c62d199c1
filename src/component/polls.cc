#include "component/polls.h"

#include <algorithm>
#include <optional>

#include "component/json.h"

namespace conclave::component {
namespace {

// What he is called: his credential's name, or the one he gave himself.
std::string name_of(const room::Occupant& who) {
  return std::string(who.presence.child_text("nick"));
}

std::optional<std::vector<std::string>> read_choices(const Json& json) {
  const auto list = json.find("answers");
  if (list == json.end() || !list->is_array() || list->empty()) return std::nullopt;
  std::vector<std::string> choices;
  for (const Json& one : *list) {
    // COMPAT(lib-jitsi-meet): older clients send the text alone.
    if (one.is_string()) {
      choices.push_back(one.get<std::string>());
    } else if (one.is_object() && one.contains("name") && one["name"].is_string()) {
      choices.push_back(one["name"].get<std::string>());
    } else {
      return std::nullopt;
    }
  }
  return choices;
}

std::optional<std::vector<bool>> read_votes(const Json& json, std::size_t choices) {
  const auto list = json.find("answers");
  if (list == json.end() || !list->is_array() || list->size() != choices) return std::nullopt;
  std::vector<bool> votes;
  for (const Json& one : *list) {
    if (!one.is_boolean()) return std::nullopt;
    votes.push_back(one.get<bool>());
  }
  return votes;
}

}  // namespace

Polls::Poll* Polls::find(room::Room& room, const std::string& id) {
  const auto polls = rooms_.find(&room);
  if (polls == rooms_.end()) return nullptr;
  const auto poll = std::ranges::find(polls->second, id, &Poll::id);
  return poll == polls->second.end() ? nullptr : &*poll;
}

void Polls::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const xmpp::Element* payload = message.child("json-message", kJitmeet);
  if (payload != nullptr && payload->text().size() > kMaxPollBytes) {
    return refuse(from, message, {"cancel", "not-allowed", "This poll is too long."});
  }
  auto json = json_of(message, kMaxPollBytes);
  if (!json || text_in(*json, "type") != "polls") return;
  const std::string command = text_in(*json, "command");
  const std::string id = text_in(*json, "pollId");
  if (id.empty()) return;
  (*json)["senderId"] = from.nick;
  if (command == "new-poll") {
    auto choices = read_choices(*json);
    const std::string question = text_in(*json, "question");
    if (!choices || question.empty()) return;
    const access::Decision decision = room.may_here(from, access::Capability::CreatePoll);
    if (!decision.admitted()) return refuse(from, message, {"cancel", "not-allowed", decision.reason.sentence});
    if (find(room, id)) return refuse(from, message, {"cancel", "not-allowed", "There is a poll of that id."});
    std::vector<Poll>& polls = rooms_[&room];
    if (polls.size() >= kMaxPolls) {
      return refuse(from, message, {"cancel", "not-allowed", "This meeting has as many polls as it may have."});
    }
    polls.push_back({id, question, from.nick, name_of(from), *std::move(choices), {}});
    (*json)["senderName"] = name_of(from);
    return tell_all(room, text_of(*json));
  }
  if (command != "answer-poll" || !room.may(from, access::Capability::VotePoll).admitted()) return;
  Poll* poll = find(room, id);
  auto votes = poll ? read_votes(*json, poll->answers.size()) : std::nullopt;
  if (!votes) return;
  if (const auto before = poll->votes.find(from.nick); before != poll->votes.end()) {
    if (before->second.answers == *votes) return;
  } else if (poll->votes.size() >= kMaxVoters) {
    return;
  }
  poll->votes[from.nick] = {name_of(from), *std::move(votes)};
  (*json)["senderName"] = name_of(from);
  tell_all(room, text_of(*json));
}

void Polls::occupant_joined(room::Room& room, const room::Occupant& who) {
  const auto polls = rooms_.find(&room);
  if (polls == rooms_.end()) return;
  Json list = Json::array();
  for (const Poll& poll : polls->second) {
    Json answers = Json::array();
    for (std::size_t i = 0; i < poll.answers.size(); ++i) {
      Json voters = Json::array();
      for (const auto& [nick, vote] : poll.votes) {
        if (vote.answers[i]) voters.push_back({{"id", nick}, {"name", vote.name}});
      }
      answers.push_back({{"name", poll.answers[i]}, {"voters", std::move(voters)}});
    }
    list.push_back({{"pollId", poll.id},
                    {"senderId", poll.sender},
                    {"senderName", poll.sender_name},
                    {"question", poll.question},
                    {"answers", std::move(answers)}});
  }
  tell(who, text_of({{"type", "polls"}, {"command", "old-polls"}, {"polls", std::move(list)}}));
}

void Polls::room_closed(room::Room& room) {
  rooms_.erase(&room);
}

}  // namespace conclave::component
