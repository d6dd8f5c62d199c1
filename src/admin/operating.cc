#include "admin/resources.h"

namespace conclave::admin {
namespace {

Json as_json(const Status& status) {
  return {{"version", status.version},
          {"started", status.started.time_since_epoch().count()},
          {"policy", status.policy},
          {"notices", status.notices},
          {"rooms", status.rooms},
          {"occupants", status.occupants},
          {"waiting", status.waiting},
          {"sessions", status.sessions},
          {"revocations", status.revocations},
          {"audit",
           {{"file", status.audit_file ? Json(*status.audit_file) : Json(nullptr)},
            {"written", status.audit_written},
            {"lost", status.audit_lost}}},
          {"troubles", status.troubles}};
}

constexpr std::size_t kUsualTail = 100;

}  // namespace

void health(Call call) {
  call.backend.status(answer<Status>(std::move(call.reply), 200, [](const Status& status) {
    return Json{{"status", status.troubles.empty() ? "ok" : "degraded"}, {"troubles", status.troubles}};
  }));
}

void status(Call call) {
  call.backend.status(answer<Status>(std::move(call.reply), 200, [](const Status& now) { return as_json(now); }));
}

void reload(Call call) {
  std::optional<ops::AtReload> inside;
  if (call.body.contains("inside")) inside = call.body["inside"] == "anew" ? ops::AtReload::Anew : ops::AtReload::Keep;
  call.backend.reload(inside, answer<Reloaded>(std::move(call.reply), 200, [](const Reloaded& done) {
                        return Json{{"reloaded", true},
                                    {"policy", done.policy},
                                    {"changed", done.change.at_once},
                                    {"needs_restart", done.change.after_restart}};
                      }));
}

void audit_tail(Call call) {
  const std::size_t lines = call.query.value("limit", kUsualTail);
  call.backend.audit_tail(
      lines, answer<std::vector<std::string>>(std::move(call.reply), 200, [](const std::vector<std::string>& found) {
        Json entries = Json::array();
        for (const std::string& line : found) {
          // A line that a full disk has cut is no entry.
          if (Json entry = Json::parse(line, nullptr, false); entry.is_object()) entries.push_back(std::move(entry));
        }
        return Json{{"entries", std::move(entries)}};
      }));
}

}  // namespace conclave::admin
