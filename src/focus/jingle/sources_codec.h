#pragma once
// Sources on the wire: XML from and to clients (XEP-0339 as Jitsi uses it), and the compact JSON that only focus writes
// (media.md 2.10).
#include <string>

#include "base/result.h"
#include "focus/jingle/sources.h"
#include "xmpp/element.h"

namespace conclave::focus {

enum class SourceSyntax : std::uint8_t { MissingSsrc, BadSsrc, UnknownSemantics, BadMedia, TooMany };
std::string_view text_of(SourceSyntax error);

// All sources and groups in the contents of a <jingle/> from a client. A source without a name gets "<owner>-a0" or
// "-v0" (old clients).
Result<SourceSet, SourceSyntax> read_sources(const xmpp::Element& jingle, const sfu::EndpointId& owner);

// Appends the <source/> and <ssrc-group/> children of one kind to a <description/>.
void write_sources_xml(xmpp::Element& description, const SourcesByOwner& sources, sfu::MediaKind kind);
// The <json-message/> child of <jingle/>.
xmpp::Element write_sources_json(const SourcesByOwner& sources);

// A whole source-add or source-remove.
xmpp::Element sources_jingle(std::string_view action, std::string_view sid, const SourcesByOwner& sources,
                             bool as_json);

// The bridge's own pseudo sources, which keep the first m-line of each kind stable (media.md 2.9).
SourceSet bridge_sources(std::uint32_t audio_ssrc, std::uint32_t video_ssrc);
inline constexpr std::string_view kBridgeOwner = "jvb";

}  // namespace conclave::focus
