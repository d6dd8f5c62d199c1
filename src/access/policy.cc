#include "access/policy.h"

#include <algorithm>

namespace conclave::access {
namespace {

// * is any run; both sides are canonical and short, so the one step back to the last * costs at most pattern x text.
bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

Result<RoomPattern, NameError> RoomPattern::parse(std::string_view text) {
  RoomPattern pattern;
  pattern.text_ = text;
  std::string_view name = text;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    auto tenant = canonical_tenant(text.substr(0, slash));
    if (!tenant) return failure(tenant.error());
    pattern.tenant_ = *std::move(tenant);
    name = text.substr(slash + 1);
  }
  auto canonical = canonical_part(name, kMaxRoomNameBytes);
  if (!canonical) return failure(canonical.error());
  pattern.name_ = *std::move(canonical);
  return pattern;
}

bool RoomPattern::matches(const RoomName& room) const {
  if (tenant_.empty() != room.tenant().empty()) return false;
  return glob_matches(tenant_, room.tenant()) && glob_matches(name_, room.name());
}

namespace {

bool is_guest_room(const Policy& policy, const RoomName& room) {
  return std::ranges::any_of(policy.guest_rooms, [&](const RoomPattern& pattern) { return pattern.matches(room); });
}

}  // namespace

bool guests_may_start(const Policy& policy, const RoomName& room) {
  return policy.guests == Guests::Create && (policy.guest_rooms.empty() || is_guest_room(policy, room));
}

AutoPromote auto_promote_in(const Policy& policy, const RoomName& room) {
  if (policy.auto_promote) return *policy.auto_promote;
  const bool guests_only = policy.guests == Guests::Create && is_guest_room(policy, room);
  return !policy.auth.any() || guests_only ? AutoPromote::Anyone : AutoPromote::Never;
}

std::string setting_text(const Policy& policy, Switch which, std::string_view value) {
  const auto written = policy.written.find(which);
  return written != policy.written.end() ? written->second : std::string(text(which)) + "=" + std::string(value);
}

std::string setting_text(const Policy& policy, Capability disabled) {
  const auto written = policy.disabled_by.find(disabled);
  return written != policy.disabled_by.end() ? written->second : std::string(capability_text(disabled)) + " disabled";
}

std::string_view text(Switch value) {
  switch (value) {
    case Switch::Guests:
      return "GUESTS";
    case Switch::Starters:
      return "STARTERS";
    case Switch::Moderators:
      return "MODERATORS";
    case Switch::AutoPromote:
      return "AUTO_PROMOTE";
    case Switch::HostLeft:
      return "HOST_LEFT";
    case Switch::LobbyExists:
      return "lobby";
    case Switch::Kicked:
      return "KICKED";
    case Switch::DisplayName:
      return "display name required";
  }
  return "";
}
std::string_view text(Guests value) {
  switch (value) {
    case Guests::Join:
      return "join";
    case Guests::Deny:
      return "deny";
    case Guests::Create:
      return "create";
  }
  return "";
}
std::string_view text(Starters value) {
  return value == Starters::Moderators ? "moderators" : "authenticated";
}
std::string_view text(Moderators value) {
  return value == Moderators::All ? "all" : "claimed";
}
std::string_view text(AutoPromote value) {
  switch (value) {
    case AutoPromote::Never:
      return "never";
    case AutoPromote::Authenticated:
      return "authenticated";
    case AutoPromote::Anyone:
      return "anyone";
  }
  return "";
}
std::string_view text(HostLeft value) {
  switch (value) {
    case HostLeft::Hold:
      return "hold";
    case HostLeft::Open:
      return "open";
    case HostLeft::End:
      return "end";
  }
  return "";
}
std::string_view text(Waiters value) {
  return value == Waiters::Admit ? "admit" : "ask";
}
std::string_view text(Lobby value) {
  switch (value) {
    case Lobby::Off:
      return "off";
    case Lobby::Guests:
      return "guests";
    case Lobby::All:
      return "all";
  }
  return "";
}
std::string_view text(LobbyPassword value) {
  return value == LobbyPassword::Yes ? "yes" : "no";
}
std::string_view text(Reload value) {
  return value == Reload::Room ? "room" : "off";
}
std::string_view text(TokenExpiry value) {
  switch (value) {
    case TokenExpiry::Keep:
      return "keep";
    case TokenExpiry::Demote:
      return "demote";
    case TokenExpiry::Remove:
      return "remove";
  }
  return "";
}
std::string_view text(Kicked value) {
  switch (value) {
    case Kicked::Knock:
      return "knock";
    case Kicked::Return:
      return "return";
    case Kicked::Barred:
      return "barred";
  }
  return "";
}

}  // namespace conclave::access
