#include "component/polls.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "component/json.h"

namespace conclave::component {
namespace {

// What he is called: his credential's name, or the one he gave himself.
std::string name_of(const room::Occupant& who) {
  return std::string(who.presence.child_text("nick"));
}

xmpp::StanzaError not_allowed(std::string_view text) {
  return {"cancel", "not-allowed", text};
}

// A text that can be shown to everybody; "" if it is none.
std::string shown_text(const Json& object, const char* name) {
  std::string text = text_in(object, name);
  return is_xml_text(text) ? text : std::string();
}

// COMPAT(lib-jitsi-meet): older clients send the text alone.
std::string choice_of(const Json& json) {
  if (json.is_object()) return shown_text(json, "name");
  if (!json.is_string() || !is_xml_text(json.get_ref<const std::string&>())) return {};
  return json.get<std::string>();
}

std::optional<std::vector<std::string>> read_choices(const Json& json) {
  const auto list = json.find("answers");
  if (list == json.end() || !list->is_array() || list->empty()) return std::nullopt;
  std::vector<std::string> choices;
  for (const Json& one : *list) {
    choices.push_back(choice_of(one));
    if (choices.back().empty()) return std::nullopt;
  }
  return choices;
}

// In the form in which they came: who reads the text alone sends it so.
Json choices_to_tell(const Json& json) {
  Json list = Json::array();
  for (const Json& one : json["answers"]) list.push_back(one.is_string() ? one : Json{{"name", choice_of(one)}});
  return list;
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

Json voter(const std::string& nick, const std::string& name) {
  return {{"id", nick}, {"name", name}};
}

}  // namespace

struct Polls::Said {
  std::string id;
  Json json;
};

Polls::Poll* Polls::Meeting::find(const std::string& id) {
  const auto poll = std::ranges::find(polls, id, &Poll::id);
  return poll == polls.end() ? nullptr : &*poll;
}

bool Polls::Meeting::grow(const std::string& nick, std::size_t before, std::size_t now) {
  const auto found = shares.find(nick);
  const std::size_t share = (found == shares.end() ? 0 : found->second) - before + now;
  if (now > before && (bytes - before + now > kMaxListBytes || share > kMaxListBytesOfPerson)) return false;
  bytes += now - before;
  shares[nick] = share;
  return true;
}

void Polls::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const xmpp::Element* payload = message.child("json-message", kJitmeet);
  if (payload != nullptr && payload->text().size() > kMaxPollBytes) {
    return refuse(from, message, not_allowed("This poll is too long."));
  }
  auto json = json_of(message, kMaxPollBytes);
  if (!json || text_in(*json, "type") != "polls") return;
  const Said said{shown_text(*json, "pollId"), *std::move(json)};
  if (said.id.empty()) return;
  const std::string command = text_in(said.json, "command");
  if (command == "new-poll") return ask(room, from, message, said);
  if (command == "answer-poll") return vote(room, from, message, said);
}

void Polls::ask(room::Room& room, const room::Occupant& from, const xmpp::Element& message, const Said& said) {
  auto choices = read_choices(said.json);
  const std::string question = shown_text(said.json, "question");
  if (!choices || question.empty()) return;
  const access::Decision decision = room.may_here(from, access::Capability::CreatePoll);
  if (!decision.admitted()) return refuse(from, message, not_allowed(decision.reason.sentence));
  if (choices->size() > kMaxChoices) return refuse(from, message, not_allowed("This poll has too many answers."));
  Meeting& meeting = rooms_[&room];
  if (meeting.find(said.id)) return refuse(from, message, not_allowed("There is a poll of that id."));
  const auto own = std::ranges::count(meeting.polls, from.nick, &Poll::sender);
  if (meeting.polls.size() >= kMaxPolls || static_cast<std::size_t>(own) >= kMaxPollsOfPerson) {
    return refuse(from, message, not_allowed("This meeting has as many polls as it may have."));
  }
  Json told = {{"type", "polls"},       {"command", "new-poll"},       {"pollId", said.id},  {"question", question},
               {"senderId", from.nick}, {"senderName", name_of(from)}, {"answers", *choices}};
  // Each answer is listed with its voters.
  const std::size_t bytes =
      written_size(told) + choices->size() * written_size({{"name", ""}, {"voters", Json::array()}});
  if (!meeting.grow(from.nick, 0, bytes)) {
    return refuse(from, message, not_allowed("This meeting has as many polls as it may have."));
  }
  told["answers"] = choices_to_tell(said.json);
  meeting.polls.push_back({said.id, question, from.nick, name_of(from), *std::move(choices), {}});
  tell_all(room, text_of(told));
}

void Polls::vote(room::Room& room, const room::Occupant& from, const xmpp::Element& message, const Said& said) {
  if (!room.may(from, access::Capability::VotePoll).admitted()) return;
  Meeting& meeting = rooms_[&room];
  Poll* poll = meeting.find(said.id);
  auto votes = poll ? read_votes(said.json, poll->answers.size()) : std::nullopt;
  if (!votes) return;
  const auto before = poll->votes.find(from.nick);
  if (before != poll->votes.end() && before->second.answers == *votes) return;
  const auto named = static_cast<std::size_t>(std::ranges::count(*votes, true));
  // Who chose nothing is kept, too.
  const std::size_t bytes = std::max<std::size_t>(named, 1) * (written_size(voter(from.nick, name_of(from))) + 1);
  if (!meeting.grow(from.nick, before == poll->votes.end() ? 0 : before->second.bytes, bytes)) {
    return refuse(from, message, not_allowed("This meeting has as many votes as it may have."));
  }
  const Json told = {{"type", "polls"},   {"command", "answer-poll"}, {"pollId", said.id},
                     {"answers", *votes}, {"senderId", from.nick},    {"senderName", name_of(from)}};
  poll->votes[from.nick] = {name_of(from), *std::move(votes), bytes};
  tell_all(room, text_of(told));
}

void Polls::occupant_joined(room::Room& room, const room::Occupant& who) {
  const auto meeting = rooms_.find(&room);
  if (meeting == rooms_.end() || meeting->second.polls.empty()) return;
  Json list = Json::array();
  for (const Poll& poll : meeting->second.polls) {
    Json answers = Json::array();
    for (std::size_t i = 0; i < poll.answers.size(); ++i) {
      Json voters = Json::array();
      for (const auto& [nick, vote] : poll.votes) {
        if (vote.answers[i]) voters.push_back(voter(nick, vote.name));
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
