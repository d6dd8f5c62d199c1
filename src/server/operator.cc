#include "server/operator.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "access/digest.h"
#include "ops/startup.h"
#include "server/gather.h"
#include "server/revocations.h"

namespace conclave::server {
namespace {

using access::Revocation;
using admin::Problem;
using admin::Reply;

const Problem kNoRoom{404, "No such room is open.", "GET /admin/v1/rooms lists the rooms that are."};
const Problem kFull{
    409, "The list of revocations is full.",
    "Take back what no longer matters, give revocations an end (until), or revoke the key that signed."};
const Problem kNotStored{500, "It is in force now, but could not be written to the data directory.",
                         "After a restart it will be as before: see to the disk, then do it again."};

const Problem kNoAccount{404, "Nobody of that name logs in by password.",
                         "conclave account list shows the accounts; a directory is asked as LDAP_FILTER says."};
const Problem kLocked{409, "This account is locked: it logs in nowhere (account-locked).",
                      "conclave account unlock lets it in again."};
const Problem kNotAsked{503, "Accounts or directory cannot be asked just now.", "The log says why."};

void answer_done(Reply<void>& reply, bool done, const Problem& otherwise) {
  if (done) return reply({});
  reply(failure(Problem(otherwise)));
}

struct StationView {
  admin::RoomList list;
  std::size_t sessions = 0;
  std::set<std::string> issuers_without_end;
};

admin::RoomList all_of(std::vector<StationView> stations) {
  admin::RoomList all;
  for (StationView& station : stations) {
    std::ranges::move(station.list.rooms, std::back_inserter(all.rooms));
    std::ranges::move(station.list.waiting, std::back_inserter(all.waiting));
  }
  return all;
}

StationView view(Station& station) {
  return {{station.rooms().view(), station.rooms().waiting()},
          station.sessions().sessions(),
          station.issuers_without_end()};
}

ops::Explanation explain_here(Station& home, const access::RoomName& room, const access::Identity& identity) {
  return {.room = room.key(),
          .state = home.rooms().state_of(room),
          .identity = std::string(access::kind_text(identity.kind)),
          .subject = identity.authenticated() ? identity.subject : std::string(),
          .decision = home.rooms().foresee(identity, room),
          .sasl_condition = {},
          .sasl_text = {}};
}

ops::Explanation explain_token(Station& home, const access::RoomName& room, const std::string& token) {
  const auto identity = home.verify(token);
  if (identity) return explain_here(home, room, *identity);
  return ops::refused_credential(room, home.rooms().state_of(room), identity.error());
}

ops::Explanation explain_account_here(Station& home, const access::RoomName& room, const access::Identity& account) {
  if (!home.is_revoked(account)) return explain_here(home, room, account);
  const std::string text = "This credential has been revoked.";
  return ops::refused_credential(
      room, home.rooms().state_of(room),
      access::TokenFailure{.slug = access::Slug::TokenRevoked, .text = text, .sentence = text});
}

const Problem& problem_of(sasl::PasswordFailure failed) {
  switch (failed) {
    case sasl::PasswordFailure::Wrong:
      return kNoAccount;
    case sasl::PasswordFailure::Locked:
      return kLocked;
    case sasl::PasswordFailure::Unavailable:
      break;
  }
  return kNotAsked;
}

}  // namespace

Operator::Operator(Loop& loop, Common& common, Means means)
    : Pinned(loop), common_(common), means_(std::move(means)), started_(loop.wall_now()) {}

template <class T, class Work>
void Operator::at_room(const access::RoomName& room, Work work, UniqueFunction<void(T)> reply) {
  Station& home = common_.station_of(room);
  home.run([&home, &front = front(), work = std::move(work), reply = std::move(reply)]() mutable {
    front.run([result = work(home), reply = std::move(reply)]() mutable { reply(std::move(result)); });
  });
}

void Operator::rooms(Reply<admin::RoomList> reply) {
  gather<StationView>(common_, view, [reply = std::move(reply)](std::vector<StationView> stations) mutable {
    reply(all_of(std::move(stations)));
  });
}

void Operator::end_room(access::RoomName room, Reply<void> reply) {
  at_room<bool>(
      room, [room](Station& home) { return home.rooms().end_meeting(room); },
      [reply = std::move(reply)](bool ended) mutable { answer_done(reply, ended, kNoRoom); });
}

void Operator::remove_occupant(admin::Removal removal, Reply<void> reply) {
  const access::RoomName room = removal.room;
  at_room<bool>(
      room,
      [removal = std::move(removal)](Station& home) {
        return home.rooms().remove(removal.room, removal.nick, removal.barred, removal.reason);
      },
      [reply = std::move(reply)](bool removed) mutable {
        answer_done(reply, removed,
                    {404, "Nobody of that nick is in such a room.", "GET /admin/v1/rooms/{room} lists the nicks."});
      });
}

void Operator::media(access::RoomName room, Reply<std::string> reply) {
  at_room<std::optional<std::string>>(
      room, [room](Station& home) { return home.focus().media_state(room.key()); },
      [reply = std::move(reply)](std::optional<std::string> state) mutable {
        if (!state) return reply(failure(Problem(kNoRoom)));
        reply(*std::move(state));
      });
}

void Operator::explain(admin::Question question, Reply<ops::Explanation> reply) {
  if (question.account) return explain_account(question.room, *std::move(question.account), std::move(reply));
  const access::RoomName room = question.room;
  at_room<ops::Explanation>(
      room,
      [question = std::move(question)](Station& home) {
        if (question.token) return explain_token(home, question.room, *question.token);
        return explain_here(home, question.room, access::guest("explained"));
      },
      [reply = std::move(reply)](ops::Explanation explanation) mutable { reply(std::move(explanation)); });
}

void Operator::explain_account(access::RoomName room, std::string name, Reply<ops::Explanation> reply) {
  const access::AuthMethods methods = front().rules().policies.base.auth;  // a log-in comes before any room
  common_.passwords.who_is(
      loop(), methods, std::move(name), [this, room, reply = std::move(reply)](auto account) mutable {
        if (!account) return reply(failure(Problem(problem_of(account.error()))));
        at_room<ops::Explanation>(
            room,
            [room, account = *std::move(account)](Station& home) { return explain_account_here(home, room, account); },
            [reply = std::move(reply)](ops::Explanation explanation) mutable { reply(std::move(explanation)); });
      });
}

std::vector<Revocation> Operator::revocations() const {
  return means_.revocations.list()->all();
}

void Operator::revoke(admin::RevokeOrder order, Reply<Revocation> reply) {
  Revocation& revocation = order.revocation;
  if (order.token) {
    const auto identity = front().verify(*order.token);
    revocation.value = access::sha256_hex(*order.token);
    if (identity && !revocation.until) revocation.until = identity->scope.until;
    if (!identity && identity.error().slug != access::Slug::TokenKeyUnknown) {
      return reply(failure(Problem{422, "This token opens nothing, so there is nothing to revoke.",
                                   "It is refused already: " + identity.error().sentence}));
    }
  }
  if (order.ticket) {
    revocation.value = common_.tickets->book().wallet_named(*order.ticket);
    common_.tickets->book().forget(*order.ticket);
    if (revocation.value.empty()) {
      return reply(failure(Problem{422, "No such ticket is in force.", "It expired, or was replaced by a new one."}));
    }
    const std::chrono::seconds longest = front().rules().policies.base.ticket_lifetime;
    if (!revocation.until) revocation.until = now() + longest;
  }
  const std::string id = revocation.id();
  auto shared = std::make_shared<Reply<Revocation>>(std::move(reply));
  const bool added = means_.revocations.add(revocation, [shared, revocation](bool stored) {
    if (stored) return (*shared)(revocation);
    (*shared)(failure(Problem(kNotStored)));
  });
  if (!added) return (*shared)(failure(Problem(kFull)));
  audit("revoke", "done", {}, std::string(access::revocation_kind_text(revocation.kind)) + " " + revocation.value);
}

void Operator::take_back(std::string id, Reply<void> reply) {
  auto shared = std::make_shared<Reply<void>>(std::move(reply));
  const bool found = means_.revocations.remove(id, [shared](bool stored) { answer_done(*shared, stored, kNotStored); });
  if (!found) {
    answer_done(*shared, false, {404, "There is no revocation of that id.", "GET /admin/v1/revocations lists them."});
  }
}

void Operator::status(Reply<admin::Status> reply) {
  gather<StationView>(common_, view, [this, reply = std::move(reply)](std::vector<StationView> stations) mutable {
    admin::Status status{.version = CONCLAVE_VERSION,
                         .started = started_,
                         .policy = ops::policy_sentences(means_.settings.in_force()),
                         .notices = ops::notice_lines(means_.settings.in_force()),
                         .revocations = means_.revocations.list()->size(),
                         .audit_file = {},
                         .troubles = {}};
    for (const std::string& name : means_.settings.after_restart())
      status.notices.push_back("after a restart: " + name + ": It was changed and is not in force yet.");
    std::set<std::string> without_end;
    for (StationView& station : stations) {
      status.sessions += station.sessions;
      without_end.merge(station.issuers_without_end);
    }
    for (const std::string& issuer : without_end) {
      status.notices.push_back(
          "warning: issuer " + issuer +
          ": A token without exp was let in: it is good for ever. Let the issuer say exp, and ask for "
          "it (CONCLAVE_JWT_REQUIRE_EXP, require_exp).");
    }
    const admin::RoomList list = all_of(std::move(stations));
    status.rooms = list.rooms.size();
    for (const room::RoomView& room : list.rooms) {
      status.occupants += room.occupants.size();
      status.waiting += room.waiting;
    }
    for (const room::WaitingView& one : list.waiting) status.waiting += one.waiting;
    if (means_.audit) {
      status.audit_file = means_.audit_file;
      status.audit_written = means_.audit->written();
      status.audit_lost = means_.audit->lost();
      if (status.audit_lost > 0) {
        status.troubles.push_back("The audit log has lost " + std::to_string(status.audit_lost) +
                                  " entries: is the disk full, or too slow?");
      }
    }
    reply(std::move(status));
  });
}

void Operator::audit_tail(std::size_t lines, Reply<std::vector<std::string>> reply) {
  if (!means_.audit) {
    return reply(failure(Problem{404, "The audit log is switched off.", "Set CONCLAVE_AUDIT_FILE to a file."}));
  }
  auto shared = std::make_shared<Reply<std::vector<std::string>>>(std::move(reply));
  const bool asked =
      means_.audit->tail(loop(), lines, [shared](std::vector<std::string> found) { (*shared)(std::move(found)); });
  if (!asked) (*shared)(failure(Problem{503, "The audit log has too much to write.", "Ask again in a moment."}));
}

void Operator::audit(std::string act, std::string outcome, std::string peer, std::string detail) {
  if (!means_.audit) return;
  // Whoever knocks without the token must not push what matters out of the file.
  const bool turned_away = detail.empty() && act == "admin";
  if (turned_away && now() == refusal_audited_) return;
  if (turned_away) refusal_audited_ = now();
  means_.audit->write(loop(), {.time = now(),
                               .act = std::move(act),
                               .kind = "operator",
                               .peer = std::move(peer),
                               .outcome = std::move(outcome),
                               .detail = std::move(detail)});
}

}  // namespace conclave::server
