#include "focus/jingle/sources.h"

#include <algorithm>
#include <optional>

namespace conclave::focus {
namespace {

const SignalledSsrc* find(const SourceSet& sources, std::uint32_t ssrc) {
  const auto it = std::ranges::find(sources.ssrcs, ssrc, &SignalledSsrc::ssrc);
  return it == sources.ssrcs.end() ? nullptr : &*it;
}

const SsrcGroup* group_of(const SourceSet& sources, GroupSemantics semantics, std::uint32_t ssrc) {
  for (const SsrcGroup& group : sources.groups) {
    if (group.semantics == semantics && std::ranges::count(group.ssrcs, ssrc) > 0) return &group;
  }
  return nullptr;
}

bool is_retransmission(const SourceSet& sources, std::uint32_t ssrc) {
  const SsrcGroup* fid = group_of(sources, GroupSemantics::Fid, ssrc);
  return fid != nullptr && fid->ssrcs[1] == ssrc;
}

std::uint32_t retransmission_of(const SourceSet& sources, std::uint32_t ssrc) {
  const SsrcGroup* fid = group_of(sources, GroupSemantics::Fid, ssrc);
  return fid != nullptr && fid->ssrcs[0] == ssrc ? fid->ssrcs[1] : 0;
}

std::optional<SourceError> check_ssrc(const sfu::EndpointId& owner, const SignalledSsrc& source,
                                      const SourceSet& current, const std::set<std::uint32_t>& taken) {
  if (source.ssrc == 0) return SourceError::BadSsrc;
  if (source.name.size() > kMaxSourceTextBytes || source.msid.size() > kMaxSourceTextBytes)
    return SourceError::TextTooLong;
  // Receivers tell from the name whose source it is.
  if (!source.name.starts_with(owner + "-")) return SourceError::ForeignName;
  if (taken.contains(source.ssrc) || find(current, source.ssrc) != nullptr) return SourceError::SsrcInUse;
  for (const SignalledSsrc& other : current.ssrcs) {
    if (!source.msid.empty() && other.kind == source.kind && other.msid == source.msid && other.name != source.name) {
      return SourceError::MsidInUse;
    }
  }
  return std::nullopt;
}

std::optional<SourceError> check_group(const SsrcGroup& group, const SourceSet& sources) {
  if (group.ssrcs.size() < 2 || (group.semantics == GroupSemantics::Fid && group.ssrcs.size() != 2)) {
    return SourceError::BadFidGroup;
  }
  const SignalledSsrc* first = find(sources, group.ssrcs.front());
  for (const std::uint32_t ssrc : group.ssrcs) {
    if (std::ranges::count(group.ssrcs, ssrc) > 1) return SourceError::GroupsOverlap;
    const SsrcGroup* other = group_of(sources, group.semantics, ssrc);
    if (other != nullptr && *other != group) return SourceError::GroupsOverlap;
    const SignalledSsrc* member = find(sources, ssrc);
    if (member == nullptr) return SourceError::UndeclaredSsrcInGroup;
    if (member->msid != first->msid || member->name != first->name) return SourceError::GroupWithSeveralMsids;
  }
  return std::nullopt;
}

}  // namespace

std::string_view text_of(SourceError error) {
  switch (error) {
    case SourceError::BadSsrc:
      return "an SSRC has to be between 1 and 4294967295";
    case SourceError::SsrcInUse:
      return "an SSRC is already in use in this conference";
    case SourceError::TooManySsrcs:
      return "too many SSRCs for one participant";
    case SourceError::TooManyGroups:
      return "too many SSRC groups for one participant";
    case SourceError::BadFidGroup:
      return "an SSRC group has the wrong number of SSRCs";
    case SourceError::UndeclaredSsrcInGroup:
      return "an SSRC group names an SSRC that is not a source";
    case SourceError::GroupWithSeveralMsids:
      return "the SSRCs of a group have different msids or names";
    case SourceError::GroupsOverlap:
      return "an SSRC stands twice in a group, or in two groups of the same semantics";
    case SourceError::MsidInUse:
      return "an msid is already used by another source";
    case SourceError::ForeignName:
      return "a source name has to begin with the participant's own endpoint id";
    case SourceError::TextTooLong:
      return "a source name or msid is too long";
  }
  return "";
}

Result<SourceSet, SourceError> add_sources(const sfu::EndpointId& owner, const SourceSet& current,
                                           const SourceSet& added, const std::set<std::uint32_t>& taken) {
  if (current.ssrcs.size() + added.ssrcs.size() > kMaxSsrcsPerEndpoint) return failure(SourceError::TooManySsrcs);
  if (current.groups.size() + added.groups.size() > kMaxGroupsPerEndpoint) return failure(SourceError::TooManyGroups);
  SourceSet result = current;
  for (const SignalledSsrc& source : added.ssrcs) {
    if (const auto error = check_ssrc(owner, source, result, taken)) return failure(*error);
    result.ssrcs.push_back(source);
  }
  for (const SsrcGroup& group : added.groups) {
    if (const auto error = check_group(group, result)) return failure(*error);
    if (std::ranges::count(result.groups, group) == 0) result.groups.push_back(group);
  }
  return result;
}

SourceSet remove_sources(SourceSet& current, const SourceSet& removed) {
  SourceSet gone;
  const auto is_removed = [&](std::uint32_t ssrc) { return find(removed, ssrc) != nullptr; };
  std::erase_if(current.groups, [&](const SsrcGroup& group) {
    if (std::ranges::none_of(group.ssrcs, is_removed)) return false;
    gone.groups.push_back(group);
    return true;
  });
  std::erase_if(current.ssrcs, [&](const SignalledSsrc& source) {
    if (!is_removed(source.ssrc)) return false;
    gone.ssrcs.push_back(source);
    return true;
  });
  return gone;
}

namespace {

// "stream track" with `suffix` behind each word.
std::string msid_of(std::string_view msid, const std::string& suffix) {
  const std::size_t space = msid.find(' ');
  if (space == std::string_view::npos) return std::string(msid) + suffix;
  return std::string(msid.substr(0, space)) + suffix + std::string(msid.substr(space)) + suffix;
}

}  // namespace

SourceSet announced(const SourceSet& sources) {
  SourceSet result = strip_simulcast(sources);
  for (SignalledSsrc& source : result.ssrcs) {
    if (source.generation > 0) source.msid = msid_of(source.msid, "-" + std::to_string(source.generation));
  }
  return result;
}

SourceSet strip_simulcast(const SourceSet& sources) {
  SourceSet result;
  const auto is_kept = [&](std::uint32_t ssrc) {
    const SsrcGroup* fid = group_of(sources, GroupSemantics::Fid, ssrc);
    const std::uint32_t primary = fid == nullptr ? ssrc : fid->ssrcs[0];
    const SsrcGroup* sim = group_of(sources, GroupSemantics::Sim, primary);
    return sim == nullptr || sim->ssrcs[0] == primary;
  };
  for (const SignalledSsrc& source : sources.ssrcs) {
    if (is_kept(source.ssrc)) result.ssrcs.push_back(source);
  }
  for (const SsrcGroup& group : sources.groups) {
    if (group.semantics == GroupSemantics::Fid && is_kept(group.ssrcs[0])) result.groups.push_back(group);
  }
  return result;
}

std::vector<sfu::Source> to_sfu(const SourceSet& sources) {
  std::vector<sfu::Source> result;
  const auto source_named = [&](const SignalledSsrc& signalled) -> sfu::Source& {
    const auto it = std::ranges::find(result, signalled.name, &sfu::Source::name);
    if (it != result.end()) return *it;
    return result.emplace_back(sfu::Source{
        .name = signalled.name, .kind = signalled.kind, .video_type = signalled.video_type, .ssrcs = {}, .rtx = {}});
  };
  for (const SignalledSsrc& signalled : sources.ssrcs) {
    if (is_retransmission(sources, signalled.ssrc)) continue;
    sfu::Source& source = source_named(signalled);
    if (std::ranges::count(source.ssrcs, signalled.ssrc) > 0) continue;
    // The order of encodings is the SIM group's, not that of the <source/> elements.
    if (const SsrcGroup* sim = group_of(sources, GroupSemantics::Sim, signalled.ssrc)) {
      source.ssrcs = sim->ssrcs;
    } else {
      source.ssrcs.push_back(signalled.ssrc);
    }
  }
  for (sfu::Source& source : result) {
    if (source.kind != sfu::MediaKind::Video) continue;
    for (const std::uint32_t ssrc : source.ssrcs) source.rtx.push_back(retransmission_of(sources, ssrc));
  }
  return result;
}

}  // namespace conclave::focus
