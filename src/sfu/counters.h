#pragma once
// What the SFU of one loop counts. Written on its loop, read by any (metrics).
#include "base/counter.h"

namespace conclave::sfu {

struct SfuCounters {
  // Datagrams
  Counter datagrams_in;
  Counter bytes_in;
  Counter datagrams_out;
  Counter bytes_out;
  Counter garbage;          // neither STUN, DTLS, RTP nor RTCP by its first bytes
  Counter unknown_address;  // from nobody we know
  Counter unknown_ufrag;
  // Media from endpoints
  Counter rtp_in;
  Counter rtcp_in;
  Counter before_keys;      // SRTP before the handshake was through
  Counter srtp_refused;     // authentication, replay, too many SSRCs
  Counter malformed_rtp;
  Counter malformed_rtcp;
  Counter unknown_payload_type;
  Counter unknown_ssrc;
  Counter muted;            // dropped by AV moderation
  Counter silence;          // audio that has been silent for longer than a few packets
  Counter not_loudest;      // audio of somebody who is not among the loudest, where only they are heard
  Counter padding_only;
  Counter duplicates;
  Counter too_late;         // older than the window, or than what could be mapped
  Counter nacks_sent;       // sequence numbers asked for
  Counter key_frames_requested;
  Counter key_frames_held_back;  // by the limits of media.md 11.4
  Counter key_frames_in;
  Counter layer_changes;         // an encoding has begun or ended
  Counter video_milliseconds_in; // of all encodings that came, added up
  // Media to endpoints
  Counter forwarded;
  Counter retransmitted;
  Counter nacks_unanswered;  // gone from the history
  Counter nacks_too_soon;
  Counter too_large;         // does not fit after rewriting
  Counter protect_failed;
  Counter ssrcs_refused;     // kMaxRememberedSsrcs
  Counter slots_taken;       // SSRC rewriting: a source was given a slot
  Counter slots_busy;        // packets not forwarded because all slots are in use
  Counter reports_forwarded;
  Counter transport_feedback_in;
  Counter remb_in;
  Counter padding_out;       // packets by which the network was tried
  // Bridge channel
  Counter channels_opened;
  Counter channel_messages;
  Counter channel_messages_out;
  Counter channels_missing;  // connected, but after kChannelExpected without a channel
  Counter channel_malformed;
  Counter channel_unknown;   // a colibriClass that we do not know
  Counter channel_oversized;
  Counter channel_too_fast;
  // Conferences and endpoints
  Counter conferences_created;
  Counter conferences_ended;
  Counter conference_milliseconds;  // of those that have ended
  Counter dominant_speaker_changes;
  Counter endpoints_created;
  Counter endpoints_silent;    // active ones from which nothing came for kSilenceLimit
  Counter endpoints_returned;  // that were heard again
  Counter ice_connected;
  Counter connected;
  Counter ice_failed;
  Counter dtls_failed;
  Counter never_connected;
};

}  // namespace conclave::sfu
