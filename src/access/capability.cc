#include "access/capability.h"

namespace conclave::access {

std::string_view capability_text(Capability capability) {
  switch (capability) {
    case Capability::Start:
      return "start";
    case Capability::Join:
      return "join";
    case Capability::SkipPassword:
      return "skip_password";
    case Capability::SkipLobby:
      return "skip_lobby";
    case Capability::Admit:
      return "admit";
    case Capability::Deny:
      return "deny";
    case Capability::Kick:
      return "kick";
    case Capability::Bar:
      return "bar";
    case Capability::Mute:
      return "mute";
    case Capability::AvModeration:
      return "av_moderation";
    case Capability::Grant:
      return "grant";
    case Capability::Revoke:
      return "revoke";
    case Capability::SetPassword:
      return "set_password";
    case Capability::SetLobby:
      return "set_lobby";
    case Capability::RoomSettings:
      return "room_settings";
    case Capability::Metadata:
      return "metadata";
    case Capability::Record:
      return "record";
    case Capability::Stream:
      return "stream";
    case Capability::Transcribe:
      return "transcribe";
    case Capability::DialOut:
      return "dial_out";
    case Capability::End:
      return "end";
    case Capability::Breakout:
      return "breakout";
    case Capability::PromoteVisitor:
      return "promote";
    case Capability::Chat:
      return "chat";
    case Capability::React:
      return "react";
    case Capability::RaiseHand:
      return "raise_hand";
    case Capability::VotePoll:
      return "polls.vote";
    case Capability::ShareScreen:
      return "share_screen";
    case Capability::CreatePoll:
      return "polls.create";
    case Capability::ShareFiles:
      return "files";
  }
  return "";
}

std::string_view feature_of(Capability capability) {
  switch (capability) {
    case Capability::Record:
      return "recording";
    case Capability::Stream:
      return "livestreaming";
    case Capability::Transcribe:
      return "transcription";
    case Capability::DialOut:
      return "outbound-call";
    case Capability::ShareScreen:
      return "screen-sharing";
    case Capability::CreatePoll:
      return "create-polls";
    case Capability::ShareFiles:
      return "file-upload";
    default:
      return "";
  }
}

}  // namespace conclave::access
