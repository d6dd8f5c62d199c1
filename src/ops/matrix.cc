#include "ops/matrix.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace conclave::ops {
namespace {

using access::ClaimedRole;
using access::Identity;
using access::IdentityKind;
using access::Outcome;
using access::RoomFacts;
using access::RoomState;

struct Column {
  std::string_view title;
  RoomState state;
  void (*modify)(RoomFacts&);
};
constexpr Column kColumns[] = {
    {"absent", RoomState::Absent, [](RoomFacts&) {}},
    {"waiting", RoomState::Waiting, [](RoomFacts&) {}},
    {"open", RoomState::Open, [](RoomFacts&) {}},
    {"+password", RoomState::Open, [](RoomFacts& room) { room.has_password = true; }},
    {"+lobby", RoomState::Open, [](RoomFacts& room) { room.lobby = access::Lobby::All; }},
    {"+accounts only", RoomState::Open, [](RoomFacts& room) { room.accounts_only = true; }},
    {"+full", RoomState::Open, [](RoomFacts& room) { room.occupants = room.capacity = 1; }},
    {"held", RoomState::Held, [](RoomFacts&) {}},
    {"just ended", RoomState::Ended, [](RoomFacts&) {}},
};

struct Person {
  std::string name;
  Identity identity;
  bool kicked = false;
};

Identity credential(IdentityKind kind, ClaimedRole role) {
  Identity identity;
  identity.kind = kind;
  identity.subject = std::string(access::kind_text(kind)) + ":somebody";
  identity.claimed_role = role;
  if (role != ClaimedRole::Unsaid) identity.proof.role_claim = "role=" + std::string(access::claimed_role_text(role));
  return identity;
}

void add_credentials(std::vector<Person>& people, IdentityKind kind, const std::string& what) {
  people.push_back({what + ", says moderator", credential(kind, ClaimedRole::Moderator)});
  people.push_back({what + ", says participant", credential(kind, ClaimedRole::Participant)});
  people.push_back({what + ", says nothing", credential(kind, ClaimedRole::Unsaid)});
}

std::vector<Person> people_under(const access::Policy& policy, const access::RoomName& room, WallTime now) {
  std::vector<Person> people{{"guest", access::guest("somebody")}};
  Identity inside = access::guest("inside", access::Proof::Ticket::InScope);
  inside.scope = access::Scope::only(room);
  people.push_back({"guest, back with a ticket", inside});
  people.push_back({"guest, kicked before", access::guest("kicked"), true});
  if (policy.auth.token) {
    add_credentials(people, IdentityKind::Token, "token");
    people.push_back({"token, says visitor", credential(IdentityKind::Token, ClaimedRole::Visitor)});
    Identity stray = credential(IdentityKind::Token, ClaimedRole::Moderator);
    stray.scope.rooms = access::Scope::Rooms::None;
    stray.scope.claim = "another";
    people.push_back({"token, another room", stray});
    Identity late = credential(IdentityKind::Token, ClaimedRole::Moderator);
    late.scope.until = now;
    people.push_back({"token, expired", late});
  }
  if (policy.auth.password) add_credentials(people, IdentityKind::Password, "account");
  if (policy.auth.ldap) add_credentials(people, IdentityKind::Ldap, "directory");
  people.push_back({"service, not called", credential(IdentityKind::Service, ClaimedRole::Unsaid)});
  return people;
}

std::string cell_text(const access::Decision& decision) {
  if (decision.admitted())
    return (decision.starts_room ? "start, " : "") + std::string(access::role_text(decision.role));
  if (decision.outcome == Outcome::Refuse) return "refuse " + std::string(access::slug_text(decision.reason.slug));
  return std::string(access::outcome_text(decision.outcome));
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

}  // namespace

Matrix matrix_of(const access::RoomName& room, const access::Policy& policy, WallTime now) {
  Matrix matrix{.room = room.key(), .columns = {}, .rows = {}};
  for (const Column& column : kColumns) matrix.columns.emplace_back(column.title);
  for (const Person& person : people_under(policy, room, now)) {
    MatrixRow row{.person = person.name, .cells = {}};
    for (const Column& column : kColumns) {
      RoomFacts facts{.name = room, .state = column.state};
      facts.lobby = policy.lobby;
      facts.moderator_present = column.state == RoomState::Open;
      if (person.kicked) facts.removed = access::Removed::Kicked;
      column.modify(facts);
      access::Decision decision = access::decide_entry(person.identity, facts, policy, now);
      std::string text = cell_text(decision);
      row.cells.push_back({std::move(decision), std::move(text)});
    }
    matrix.rows.push_back(std::move(row));
  }
  return matrix;
}

std::string as_text(const Matrix& matrix) {
  std::vector<std::size_t> widths{0};
  for (const std::string& column : matrix.columns) widths.push_back(column.size());
  for (const MatrixRow& row : matrix.rows) {
    widths[0] = std::max(widths[0], row.person.size());
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      widths[i + 1] = std::max(widths[i + 1], row.cells[i].text.size());
  }
  std::string text = padded("room " + matrix.room, widths[0]);
  for (std::size_t i = 0; i < matrix.columns.size(); ++i) text += "  " + padded(matrix.columns[i], widths[i + 1]);
  for (const MatrixRow& row : matrix.rows) {
    text += "\n" + padded(row.person, widths[0]);
    for (std::size_t i = 0; i < row.cells.size(); ++i) text += "  " + padded(row.cells[i].text, widths[i + 1]);
  }
  return text + "\n";
}

std::string as_json(const Matrix& matrix) {
  using Json = nlohmann::ordered_json;
  Json json{{"room", matrix.room}, {"columns", matrix.columns}, {"rows", Json::array()}};
  for (const MatrixRow& row : matrix.rows) {
    Json cells = Json::array();
    for (const MatrixCell& cell : row.cells) {
      cells.push_back({{"text", cell.text},
                       {"outcome", access::outcome_text(cell.decision.outcome)},
                       {"role", access::role_text(cell.decision.role)},
                       {"starts_room", cell.decision.starts_room},
                       {"reason", access::slug_text(cell.decision.reason.slug)},
                       {"rule", cell.decision.reason.rule},
                       {"setting", cell.decision.reason.setting}});
    }
    json["rows"].push_back({{"person", row.person}, {"cells", std::move(cells)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace conclave::ops
