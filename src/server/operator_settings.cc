// What the operator says while the server runs: settings read again, rooms defined.
#include <memory>
#include <utility>

#include "ops/startup.h"
#include "server/operator.h"

namespace conclave::server {
namespace {

using admin::DefinedRoom;
using admin::Problem;
using admin::Reply;

const Problem kNotStored{500, "It is in force now, but could not be written to the data directory.",
                         "After a restart it will be as before: see to the disk, then do it again."};

Problem problem_of(RoomBook::Change change) {
  switch (change) {
    case RoomBook::Change::OfSettings:
      return {409, "The settings define this room.", "Change it in conclave.toml, [[room]], and reload."};
    case RoomBook::Change::TooMany:
      return {409, "Too many rooms are defined.",
              "Take back some: at most " + std::to_string(RoomBook::kMaxDefinedByApi) + " are kept."};
    case RoomBook::Change::Unknown:
    case RoomBook::Change::Done:
      break;
  }
  return {404, "Nobody has defined such a room.", "GET /admin/v1/definitions lists those there are."};
}

Problem problem_of(const SettingsDesk::Failure& failed) {
  if (failed.trouble == SettingsDesk::Trouble::Busy) return {503, failed.text, "See to the files, and ask again then."};
  return {422, failed.text, "The old settings stay in force. Correct this and reload again."};
}

}  // namespace

void Operator::define(access::RoomDefinition definition, Reply<DefinedRoom> reply) {
  auto shared = std::make_shared<Reply<DefinedRoom>>(std::move(reply));
  const DefinedRoom made{definition, false};
  const auto change = means_.rooms.define(std::move(definition), [shared, made](bool stored) {
    if (stored) return (*shared)(DefinedRoom(made));
    (*shared)(failure(Problem(kNotStored)));
  });
  if (change != RoomBook::Change::Done) (*shared)(failure(problem_of(change)));
}

void Operator::undefine(access::RoomName room, Reply<void> reply) {
  auto shared = std::make_shared<Reply<void>>(std::move(reply));
  const auto change = means_.rooms.undefine(room, [shared](bool stored) {
    if (stored) return (*shared)({});
    (*shared)(failure(Problem(kNotStored)));
  });
  if (change != RoomBook::Change::Done) (*shared)(failure(problem_of(change)));
}

void Operator::reload(std::optional<ops::AtReload> inside, Reply<admin::Reloaded> reply) {
  means_.settings.reload(inside, [this, reply = std::move(reply)](
                                     Result<ops::SettingsChange, SettingsDesk::Failure> change) mutable {
    audit("reload", change ? "done" : "refused", {}, {});
    if (!change) return reply(failure(problem_of(change.error())));
    reply(admin::Reloaded{.policy = ops::policy_sentences(means_.settings.in_force()), .change = *std::move(change)});
  });
}

}  // namespace conclave::server
