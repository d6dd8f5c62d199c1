#pragma once
// session-accept: what a client answered (media.md 2.12). Everything in it is the client's word, so every field is
// checked.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "focus/jingle/sources.h"
#include "sfu/media.h"
#include "xmpp/element.h"

namespace conclave::focus {

inline constexpr std::size_t kMaxPayloadTypes = 128;
inline constexpr std::size_t kMaxCandidates = 64;
inline constexpr std::size_t kMaxFingerprints = 8;
inline constexpr std::size_t kMaxCredentialBytes = 256;  // RFC 8839 §5.4

enum class AnswerError : std::uint8_t {
  NoContent,
  NoTransport,
  BadCredentials,
  NoFingerprint,
  BadPayloadType,
  BadExtension,
  TooMany,
  BadSources,
};
std::string_view text_of(AnswerError error);

struct Answer {
  sfu::RemoteTransport transport;
  sfu::MediaDescription media;
  SourceSet sources;
};

Result<Answer, AnswerError> read_answer(const xmpp::Element& jingle, const sfu::EndpointId& owner);

}  // namespace conclave::focus
