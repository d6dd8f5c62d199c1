#pragma once
// The sources that endpoints signal, as values: what a <source/> and an <ssrc-group/> say (XEP-0339), checked against
// each other.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sfu/media.h"

namespace conclave::focus {

inline constexpr std::size_t kMaxSsrcsPerEndpoint = 20;
inline constexpr std::size_t kMaxGroupsPerEndpoint = 20;
inline constexpr std::size_t kMaxSourceTextBytes = 256;  // a name or an msid

struct SignalledSsrc {
  std::uint32_t ssrc = 0;
  std::string name;  // source name, shared by all SSRCs of one source
  sfu::MediaKind kind = sfu::MediaKind::Audio;
  sfu::VideoType video_type = sfu::VideoType::Camera;
  std::string msid;
  std::uint32_t generation = 0;  // how many source-add of this session came before the one that it came with
  friend bool operator==(const SignalledSsrc&, const SignalledSsrc&) = default;
};

enum class GroupSemantics : std::uint8_t { Fid, Sim };

struct SsrcGroup {
  GroupSemantics semantics = GroupSemantics::Fid;
  sfu::MediaKind kind = sfu::MediaKind::Video;
  std::vector<std::uint32_t> ssrcs;
  friend bool operator==(const SsrcGroup&, const SsrcGroup&) = default;
};

// All that one endpoint signals, or a part that is added or removed.
struct SourceSet {
  std::vector<SignalledSsrc> ssrcs;
  std::vector<SsrcGroup> groups;
  bool empty() const { return ssrcs.empty(); }
  friend bool operator==(const SourceSet&, const SourceSet&) = default;
};

using SourcesByOwner = std::map<sfu::EndpointId, SourceSet>;

enum class SourceError : std::uint8_t {
  BadSsrc,
  SsrcInUse,
  TooManySsrcs,
  TooManyGroups,
  BadFidGroup,
  UndeclaredSsrcInGroup,
  GroupWithSeveralMsids,
  GroupsOverlap,
  MsidInUse,
  ForeignName,
  TextTooLong,
};
std::string_view text_of(SourceError error);

// `current` with `added` in it, or why not (media.md 2.19). `taken` are the SSRCs of everybody else in the conference.
Result<SourceSet, SourceError> add_sources(const sfu::EndpointId& owner, const SourceSet& current,
                                           const SourceSet& added, const std::set<std::uint32_t>& taken);
// Removal matches by SSRC alone; groups that lose an SSRC go with it. Returns what was really removed.
SourceSet remove_sources(SourceSet& current, const SourceSet& removed);

// What receivers are told: of each simulcast source the first encoding and its retransmission partner only.
SourceSet strip_simulcast(const SourceSet& sources);
// The same, with msids that this endpoint never had before: `generation` stands in them. A client of 2021 takes its
// sources back while it is peer to peer and adds the very same ones again; the others keep the m-line of before, and
// browsers of today refuse a description that has one msid twice (COMPAT(lib-jitsi-meet 2021, Chromium 156)).
SourceSet announced(const SourceSet& sources);

std::vector<sfu::Source> to_sfu(const SourceSet& sources);

}  // namespace conclave::focus
