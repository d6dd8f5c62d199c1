// Random meetings against a small model of who is let in, as what, and what the room's state is (access.md 4.4 to 4.7).
// The model knows nothing of access/: it is a second, plainer reading of the same table. CONCLAVE_MODEL_SEQUENCES asks
// for more than the usual number; a failure prints its seed.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using namespace std::chrono_literals;
using access::Outcome;
using access::Role;

constexpr int kEventsPerMeeting = 30;
constexpr int kMeetings = 1500;
constexpr auto kGrace = 60s;
constexpr auto kCoolDown = 10s;

enum class Kind { Guest, Moderator, Participant, Unsaid, Visitor, ForAnotherRoom, ExpiresSoon };
constexpr Kind kKinds[] = {Kind::Guest,  Kind::Guest,   Kind::Moderator,      Kind::Moderator,  Kind::Participant,
                           Kind::Unsaid, Kind::Visitor, Kind::ForAnotherRoom, Kind::ExpiresSoon};

// --- the model: what the table says ---------------------------------------------------------------------------------

struct ModelPerson {
  Kind kind = Kind::Guest;
  bool was_kicked = false;
  bool was_barred = false;
  bool was_granted = false;
  // while inside
  bool inside = false;
  Role role = Role::None;
  bool elected = false;
  bool expiry_watched = false;
  bool demoted = false;  // his credential has expired: a guest from now on
};

struct Model {
  enum class State { Absent, Open, Held, Ended };

  const access::Policy& policy;
  State state = State::Absent;
  std::vector<ModelPerson> people = {};
  std::vector<std::size_t> order = {};  // of arrival
  bool host_was_here = false;
  std::optional<std::chrono::seconds> grace_ends = {};
  std::chrono::seconds ended_until{0};
  std::chrono::seconds now{0};
  std::chrono::seconds late_until{0};

  bool guests_start() const { return policy.guests == access::Guests::Create; }
  Role own(const ModelPerson& who) const {
    if (who.demoted) return Role::Guest;
    switch (who.kind) {
      case Kind::Guest:
        return Role::Guest;
      case Kind::Visitor:
        return Role::Visitor;
      case Kind::Participant:
        return Role::Participant;
      case Kind::Unsaid:
        return policy.moderators == access::Moderators::All ? Role::Host : Role::Participant;
      default:
        return Role::Host;
    }
  }
  static bool leads(Role role) { return role == Role::Host || role == Role::Moderator; }
  bool leader_inside() const {
    return std::ranges::any_of(order, [&](std::size_t who) { return leads(people[who].role); });
  }
  bool electable(const ModelPerson& who) const {
    return policy.auto_promote == access::AutoPromote::Anyone && who.role != Role::Visitor;
  }

  struct Answer {
    Outcome outcome = Outcome::Admit;
    Role role = Role::None;
    bool elected = false;
  };
  // A row of the table: one person at the door.
  Answer at_door(const ModelPerson& who) const {
    const Role self = who.was_granted && own(who) != Role::Host ? Role::Moderator : own(who);
    if (who.kind == Kind::ExpiresSoon && now >= late_until) return {Outcome::Refuse};
    if (who.kind == Kind::Guest && policy.guests == access::Guests::Deny) return {Outcome::Login};
    if (who.kind == Kind::ForAnotherRoom) return {Outcome::Refuse};
    if (who.was_barred) return {Outcome::Refuse};
    if (who.was_kicked && policy.kicked == access::Kicked::Barred) return {Outcome::Refuse};
    if (who.was_kicked && policy.kicked == access::Kicked::Knock) return {Outcome::Knock};
    if (state == State::Ended && self != Role::Host) return {Outcome::Refuse};
    if (state != State::Open && !may_start(self)) {
      const bool goes_on = state == State::Held && (self == Role::Participant || leads(self));
      if (!goes_on) return {Outcome::Wait};
    }
    if (self == Role::Guest || self == Role::Participant) {
      const bool elects = !leader_inside() && policy.auto_promote == access::AutoPromote::Anyone;
      if (elects) return {Outcome::Admit, Role::Moderator, true};
    }
    return {Outcome::Admit, self, false};
  }
  bool may_start(Role self) const {
    if (self == Role::Host) return true;
    if (self == Role::Participant) return policy.starters == access::Starters::Authenticated;
    return self == Role::Guest && guests_start();
  }

  void come_in(std::size_t index, const Answer& answer) {
    ModelPerson& who = people[index];
    const Role self = who.was_granted && own(who) != Role::Host ? Role::Moderator : own(who);
    if (state == State::Held && (may_start(self) || leads(answer.role))) {
      host_was_here = false;
      grace_ends.reset();
      state = State::Open;
    }
    if (state != State::Held) state = State::Open;
    who.inside = true;
    who.role = answer.role;
    who.elected = answer.elected;
    who.expiry_watched = who.kind == Kind::ExpiresSoon && policy.token_expiry != access::TokenExpiry::Keep;
    order.push_back(index);
    if (who.role == Role::Host) adopt();
    review();
  }
  void adopt() {
    for (const std::size_t index : order) {
      ModelPerson& one = people[index];
      if (!one.elected) continue;
      one.elected = false;
      one.role = own(one);
    }
  }
  void go_out(std::size_t index) {
    people[index].inside = false;
    people[index].role = Role::None;
    people[index].elected = false;
    std::erase(order, index);
    if (order.empty()) return close(false);
    elect();
    review();
  }
  void elect() {
    if (leader_inside()) return;
    for (const std::size_t index : order) {
      if (!electable(people[index])) continue;
      people[index].role = Role::Moderator;
      people[index].elected = true;
      return;
    }
  }
  // Who is looked at anew is chosen before those who came earlier.
  void elect_first(std::size_t index) {
    if (leader_inside() || !electable(people[index])) return;
    people[index].role = Role::Moderator;
    people[index].elected = true;
  }
  void review() {
    if (leader_inside()) {
      for (const std::size_t index : order) host_was_here |= leads(people[index].role) && !people[index].elected;
      if (state == State::Held) state = State::Open;
      grace_ends.reset();
      return;
    }
    if (!host_was_here || state == State::Held || grace_ends || policy.host_left == access::HostLeft::Open) return;
    grace_ends = now + kGrace;
  }
  void close(bool by_word) {
    for (ModelPerson& who : people) who = {.kind = who.kind};
    order.clear();
    host_was_here = false;
    grace_ends.reset();
    state = by_word ? State::Ended : State::Absent;
    ended_until = now + kCoolDown;
  }
  // To the next thing that happens by itself, or to `until`.
  void pass_time(std::chrono::seconds until) {
    while (now < until) {
      ++now;
      if (state == State::Ended && now >= ended_until) state = State::Absent;
      if (now == late_until) expire();
      if (grace_ends && now >= *grace_ends) {
        grace_ends.reset();
        if (policy.host_left == access::HostLeft::End) close(false);
        if (policy.host_left == access::HostLeft::Hold) state = State::Held;
      }
    }
  }
  void expire() {
    for (std::size_t index = 0; index < people.size(); ++index) {
      ModelPerson& who = people[index];
      if (!who.inside || !who.expiry_watched) continue;
      if (policy.token_expiry == access::TokenExpiry::Keep) continue;
      if (policy.token_expiry == access::TokenExpiry::Remove || policy.guests == access::Guests::Deny) {
        go_out(index);
        continue;
      }
      who.demoted = true;
      const bool stays_elected = who.elected && policy.auto_promote == access::AutoPromote::Anyone;
      if (!stays_elected) {
        who.role = Role::Guest;
        who.elected = false;
      }
      elect_first(index);
      elect();
      review();
    }
  }
};

// --- the meetings ---------------------------------------------------------------------------------------------------

class ModelTest : public RoomsTest {
 protected:
  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[pick(values.size())];
  }
  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(dice_); }

  void new_policy() {
    policy.guests = one_of({access::Guests::Join, access::Guests::Join, access::Guests::Deny, access::Guests::Create});
    policy.starters = one_of({access::Starters::Moderators, access::Starters::Authenticated});
    policy.moderators = one_of({access::Moderators::All, access::Moderators::Claimed});
    policy.auto_promote = one_of({access::AutoPromote::Never, access::AutoPromote::Never, access::AutoPromote::Anyone});
    policy.host_left =
        one_of({access::HostLeft::Hold, access::HostLeft::Hold, access::HostLeft::Open, access::HostLeft::End});
    policy.kicked = one_of({access::Kicked::Return, access::Kicked::Knock, access::Kicked::Barred});
    policy.token_expiry = one_of({access::TokenExpiry::Keep, access::TokenExpiry::Demote, access::TokenExpiry::Remove});
  }

  Client person(Kind kind, std::size_t index) {
    const std::string nick = "p" + std::to_string(index);
    switch (kind) {
      case Kind::Guest:
        return guest(nick);
      case Kind::Participant:
        return token(nick, access::ClaimedRole::Participant, room_);
      case Kind::Unsaid:
        return token(nick, access::ClaimedRole::Unsaid, room_);
      case Kind::Visitor:
        return token(nick, access::ClaimedRole::Visitor, room_);
      case Kind::ForAnotherRoom:
        return token(nick, access::ClaimedRole::Moderator, "elsewhere");
      default:
        return token(nick, access::ClaimedRole::Moderator, room_);
    }
  }

  void begin_meeting(int number) {
    room_ = "room-" + std::to_string(number);
    people_.clear();
    new_policy();
    model_ = std::make_unique<Model>(Model{policy});
    // Everything else happens at multiples of three seconds: nothing falls together with it.
    model_->late_until = std::chrono::seconds(19 + 3 * pick(30));
    for (const Kind kind : kKinds) {
      people_.push_back(person(kind, people_.size()));
      if (kind == Kind::ExpiresSoon) people_.back().visitor.identity.scope.until = loop.wall_now() + model_->late_until;
      model_->people.push_back({.kind = kind});
    }
  }
  void end_of_meeting() {
    for (const Client& who : people_) rooms.session_ended(who.visitor.sender.session);
    loop.advance(std::chrono::minutes(3));
  }

  void enter() {
    const std::size_t index = pick(people_.size());
    if (model_->people[index].inside) return;
    const Model::Answer expected = model_->at_door(model_->people[index]);
    const access::Decision got = ask(people_[index], room_);
    said_ = "p" + std::to_string(index) + " asks";
    ASSERT_EQ(access::outcome_text(got.outcome), access::outcome_text(expected.outcome))
        << access::slug_text(got.reason.slug);
    join(people_[index], room_);
    if (expected.outcome == Outcome::Admit) model_->come_in(index, expected);
  }
  void go() {
    const std::size_t index = pick(people_.size());
    if (!model_->people[index].inside) return;
    said_ = "p" + std::to_string(index) + " leaves";
    if (pick(2) == 0) {
      leave(people_[index], room_);
    } else {
      rooms.session_ended(people_[index].visitor.sender.session);
      loop.run_ready();
    }
    model_->go_out(index);
  }
  // Somebody does something to somebody: with effect only if he may.
  void act() {
    const std::size_t by = pick(people_.size());
    const std::size_t to = pick(people_.size());
    ModelPerson& actor = model_->people[by];
    ModelPerson& target = model_->people[to];
    if (!actor.inside || !target.inside || by == to) return;
    const auto what = pick(4);
    static constexpr std::string_view kItems[] = {"role='none'", "affiliation='outcast'", "affiliation='owner'",
                                                  "affiliation='member'"};
    if (what == 2 && target.role == Role::Visitor) return;    // what a granted visitor is, is not in the table
    if (what == 3 && target.role != Role::Moderator) return;  // nor a host who gives up
    said_ = "p" + std::to_string(by) + " does " + std::string(kItems[what]) + " to p" + std::to_string(to);
    const std::string jid =
        what == 1 ? "jid='" + people_[to].visitor.sender.jid.str() + "'" : "nick='" + people_[to].nick + "'";
    admin(people_[by], room_, "<item " + jid + " " + std::string(kItems[what]) + "/>");
    if (!Model::leads(actor.role)) return;
    if (what <= 1 && target.role != Role::Host) {
      (what == 0 ? target.was_kicked : target.was_barred) = true;
      target.was_granted = false;
      model_->go_out(to);
    } else if (what == 2 && target.role != Role::Host) {
      const bool hosts_himself = model_->own(target) == Role::Host && target.role != Role::Moderator;
      target.role = hosts_himself ? Role::Host : Role::Moderator;
      target.was_granted = target.was_granted || !hosts_himself;
      target.elected = false;
      model_->review();
    } else if (what == 3) {
      target.role = model_->own(target) == Role::Host ? Role::Participant : model_->own(target);
      target.elected = false;
      target.was_granted = false;
      model_->review();
    }
  }
  void end_for_all() {
    const std::size_t by = pick(people_.size());
    if (!model_->people[by].inside || pick(4) != 0) return;
    said_ = "p" + std::to_string(by) + " ends it for all";
    ends(people_[by]);
    loop.run_ready();
    if (Model::leads(model_->people[by].role)) model_->close(true);
  }
  void wait() {
    const std::chrono::seconds time(one_of({3, 12, 63}));
    said_ = std::to_string(time.count()) + " seconds pass";
    loop.advance(time);
    model_->pass_time(model_->now + time);
  }
  void reload_policy() {
    if (pick(3) != 0) return;
    said_ = "the policy is changed";
    new_policy();
  }

  void compare() {
    static constexpr access::RoomState kStates[] = {access::RoomState::Absent, access::RoomState::Open,
                                                    access::RoomState::Held, access::RoomState::Ended};
    access::RoomState got = state(room_);
    if (got == access::RoomState::Waiting) got = access::RoomState::Absent;
    ASSERT_EQ(access::room_state_text(got), access::room_state_text(kStates[static_cast<int>(model_->state)]));
    for (std::size_t i = 0; i < people_.size(); ++i) {
      ASSERT_EQ(access::role_text(role(room_, people_[i])), access::role_text(model_->people[i].role)) << "p" << i;
    }
  }

  void play(int number, std::uint32_t seed) {
    dice_.seed(seed);
    begin_meeting(number);
    for (int i = 0; i < kEventsPerMeeting; ++i) {
      said_ = "nothing";
      switch (pick(12)) {
        case 0:
        case 1:
          go();
          break;
        case 2:
        case 3:
          act();
          break;
        case 4:
          end_for_all();
          break;
        case 5:
          wait();
          break;
        case 6:
          reload_policy();
          break;
        default:
          enter();
      }
      if (!HasFatalFailure()) compare();
      forget_sent();
      if (HasFatalFailure()) {
        ADD_FAILURE() << "seed " << seed << ", event " << i << ": " << said_;
        return;
      }
    }
    end_of_meeting();
  }

  std::mt19937 dice_;
  std::string room_;
  std::vector<Client> people_;
  std::unique_ptr<Model> model_;
  std::string said_;
};

TEST_F(ModelTest, RandomMeetingsGoAsTheTableSays) {
  const char* wanted = std::getenv("CONCLAVE_MODEL_SEQUENCES");
  const int meetings = wanted ? std::atoi(wanted) : kMeetings;
  const char* first = std::getenv("CONCLAVE_MODEL_SEED");
  const std::uint32_t seed = first ? static_cast<std::uint32_t>(std::strtoul(first, nullptr, 10)) : 20'261'124;
  std::printf("%d meetings of %d events from seed %u\n", meetings, kEventsPerMeeting, seed);
  for (int i = 0; i < meetings && !HasFailure(); ++i) play(i, seed + static_cast<std::uint32_t>(i));
}

}  // namespace
}  // namespace conclave::room
