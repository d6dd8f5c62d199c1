#include "focus/jingle/sources_codec.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "focus/jingle/namespaces.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

std::optional<std::uint32_t> parse_ssrc(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0) return std::nullopt;
  return value;
}

std::optional<sfu::MediaKind> parse_media(std::string_view media) {
  if (media == "audio") return sfu::MediaKind::Audio;
  if (media == "video") return sfu::MediaKind::Video;
  return std::nullopt;
}

std::string_view media_name(sfu::MediaKind kind) {
  return kind == sfu::MediaKind::Audio ? "audio" : "video";
}

bool is_desktop(sfu::VideoType type) {
  return type == sfu::VideoType::Desktop || type == sfu::VideoType::DesktopHighFps;
}

std::string_view parameter(const Element& source, std::string_view name) {
  for (const Element& child : source.children()) {
    if (child.name() == "parameter" && child.attribute("name") == name) return child.attribute("value");
  }
  return {};
}

Result<SignalledSsrc, SourceSyntax> read_source(const Element& element, const sfu::EndpointId& owner,
                                                sfu::MediaKind kind) {
  if (!element.has_attribute("ssrc")) return failure(SourceSyntax::MissingSsrc);
  const auto ssrc = parse_ssrc(element.attribute("ssrc"));
  if (!ssrc) return failure(SourceSyntax::BadSsrc);
  SignalledSsrc source{.ssrc = *ssrc,
                       .name = std::string(element.attribute("name")),
                       .kind = kind,
                       .video_type = sfu::VideoType::Camera,
                       .msid = std::string(parameter(element, "msid"))};
  if (source.name.empty()) source.name = owner + (kind == sfu::MediaKind::Audio ? "-a0" : "-v0");
  if (element.attribute("videoType").starts_with("desktop")) source.video_type = sfu::VideoType::Desktop;
  return source;
}

Result<SsrcGroup, SourceSyntax> read_group(const Element& element, sfu::MediaKind kind) {
  SsrcGroup group{.semantics = GroupSemantics::Fid, .kind = kind, .ssrcs = {}};
  if (element.attribute("semantics") == "SIM") {
    group.semantics = GroupSemantics::Sim;
  } else if (element.attribute("semantics") != "FID") {
    return failure(SourceSyntax::UnknownSemantics);
  }
  for (const Element& child : element.children()) {
    if (child.name() != "source") continue;
    const auto ssrc = parse_ssrc(child.attribute("ssrc"));
    if (!ssrc) return failure(SourceSyntax::BadSsrc);
    group.ssrcs.push_back(*ssrc);
    if (group.ssrcs.size() > kMaxSsrcsPerEndpoint) return failure(SourceSyntax::TooMany);
  }
  return group;
}

Result<bool, SourceSyntax> read_description(const Element& description, const sfu::EndpointId& owner, SourceSet& into) {
  const auto kind = parse_media(description.attribute("media"));
  for (const Element& child : description.children()) {
    const bool is_source = child.is("source", ns::kSources);
    if (!is_source && !child.is("ssrc-group", ns::kSources)) continue;
    if (!kind) return failure(SourceSyntax::BadMedia);
    if (is_source) {
      auto source = read_source(child, owner, *kind);
      if (!source) return failure(source.error());
      into.ssrcs.push_back(std::move(*source));
    } else {
      auto group = read_group(child, *kind);
      if (!group) return failure(group.error());
      into.groups.push_back(std::move(*group));
    }
    if (into.ssrcs.size() > 4 * kMaxSsrcsPerEndpoint || into.groups.size() > 4 * kMaxGroupsPerEndpoint) {
      return failure(SourceSyntax::TooMany);
    }
  }
  return true;
}

void write_one(Element& description, const sfu::EndpointId& owner, const SignalledSsrc& source) {
  Element& element = description.add("source", ns::kSources);
  element.set("ssrc", std::to_string(source.ssrc)).set("name", source.name);
  if (source.kind == sfu::MediaKind::Video && owner != kBridgeOwner) {
    element.set("videoType", is_desktop(source.video_type) ? "desktop" : "camera");
  }
  element.add("ssrc-info", ns::kJitmeet).set("owner", owner);
  element.add("parameter", ns::kSources).set("name", "msid").set("value", source.msid);
}

nlohmann::json json_sources(const SourceSet& set, sfu::MediaKind kind) {
  auto list = nlohmann::json::array();
  for (const SignalledSsrc& source : set.ssrcs) {
    if (source.kind != kind) continue;
    nlohmann::json one{{"s", source.ssrc}, {"n", source.name}, {"m", source.msid}};
    if (kind == sfu::MediaKind::Video && is_desktop(source.video_type)) one["v"] = "d";
    list.push_back(std::move(one));
  }
  return list;
}

nlohmann::json json_groups(const SourceSet& set, sfu::MediaKind kind) {
  auto list = nlohmann::json::array();
  for (const SsrcGroup& group : set.groups) {
    if (group.kind != kind) continue;
    auto one = nlohmann::json::array({group.semantics == GroupSemantics::Fid ? "f" : "s"});
    for (const std::uint32_t ssrc : group.ssrcs) one.push_back(ssrc);
    list.push_back(std::move(one));
  }
  return list;
}

bool has_kind(const SourcesByOwner& sources, sfu::MediaKind kind) {
  for (const auto& [owner, set] : sources) {
    for (const SignalledSsrc& source : set.ssrcs) {
      if (source.kind == kind) return true;
    }
  }
  return false;
}

}  // namespace

std::string_view text_of(SourceSyntax error) {
  switch (error) {
    case SourceSyntax::MissingSsrc:
      return "a source has no ssrc";
    case SourceSyntax::BadSsrc:
      return "an ssrc is not a number between 1 and 4294967295";
    case SourceSyntax::UnknownSemantics:
      return "the semantics of an ssrc-group are neither FID nor SIM";
    case SourceSyntax::BadMedia:
      return "a description with sources has to say media='audio' or media='video'";
    case SourceSyntax::TooMany:
      return "too many sources";
  }
  return "";
}

Result<SourceSet, SourceSyntax> read_sources(const Element& jingle, const sfu::EndpointId& owner) {
  SourceSet result;
  for (const Element& content : jingle.children()) {
    if (!content.is("content", ns::kJingle)) continue;
    const Element* description = content.child("description", ns::kRtp);
    if (description == nullptr) continue;
    if (const auto read = read_description(*description, owner, result); !read) return failure(read.error());
  }
  return result;
}

void write_sources_xml(Element& description, const SourcesByOwner& sources, sfu::MediaKind kind) {
  for (const auto& [owner, set] : sources) {
    for (const SignalledSsrc& source : set.ssrcs) {
      if (source.kind == kind) write_one(description, owner, source);
    }
    for (const SsrcGroup& group : set.groups) {
      if (group.kind != kind) continue;
      Element& element = description.add("ssrc-group", ns::kSources);
      element.set("semantics", group.semantics == GroupSemantics::Fid ? "FID" : "SIM");
      for (const std::uint32_t ssrc : group.ssrcs)
        element.add("source", ns::kSources).set("ssrc", std::to_string(ssrc));
    }
  }
}

Element write_sources_json(const SourcesByOwner& sources) {
  auto by_owner = nlohmann::json::object();
  for (const auto& [owner, set] : sources) {
    // Empty trailing lists may be left out, and clients expect them to be.
    auto lists = nlohmann::json::array();
    for (const sfu::MediaKind kind : {sfu::MediaKind::Video, sfu::MediaKind::Audio}) {
      lists.push_back(json_sources(set, kind));
      lists.push_back(json_groups(set, kind));
    }
    while (!lists.empty() && lists.back().empty()) lists.erase(lists.size() - 1);
    by_owner[owner] = std::move(lists);
  }
  Element message("json-message", ns::kJitmeet);
  message.set_text(nlohmann::json{{"sources", std::move(by_owner)}}.dump());
  return message;
}

Element sources_jingle(std::string_view action, std::string_view sid, const SourcesByOwner& sources, bool as_json) {
  Element jingle("jingle", ns::kJingle);
  jingle.set("action", action).set("sid", sid);
  if (as_json) {
    jingle.add(write_sources_json(sources));
    return jingle;
  }
  for (const sfu::MediaKind kind : {sfu::MediaKind::Audio, sfu::MediaKind::Video}) {
    if (!has_kind(sources, kind)) continue;
    Element& content = jingle.add("content", ns::kJingle);
    content.set("creator", "initiator").set("name", media_name(kind)).set("senders", "both");
    Element& description = content.add("description", ns::kRtp);
    description.set("media", media_name(kind));
    write_sources_xml(description, sources, kind);
  }
  return jingle;
}

SourceSet bridge_sources(std::uint32_t audio_ssrc, std::uint32_t video_ssrc) {
  return {.ssrcs = {{.ssrc = audio_ssrc,
                     .name = "jvb-a0",
                     .kind = sfu::MediaKind::Audio,
                     .video_type = sfu::VideoType::None,
                     .msid = "mixedmslabel mixedlabelaudio0"},
                    {.ssrc = video_ssrc,
                     .name = "jvb-v0",
                     .kind = sfu::MediaKind::Video,
                     .video_type = sfu::VideoType::Camera,
                     .msid = "mixedmslabel mixedlabelvideo0"}},
          .groups = {}};
}

}  // namespace conclave::focus
