#pragma once
// Everything that a peer can make grow in the SFU, in one place. What happens at the limit stands beside it.
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace conclave::sfu {

inline constexpr std::size_t kMaxEndpointsPerConference = 1000;  // add_endpoint returns nothing
inline constexpr std::size_t kMaxSourcesPerEndpoint = 20;        // set_sources: TooManySources
inline constexpr std::size_t kMaxEncodings = 3;                  // ssrcs of one source; more: BadSources
inline constexpr std::size_t kMaxForwardedVideos = 50;           // to one receiver; lastN is cut to it (media.md 14.2)
// SSRC slots of one receiver, of each kind (media.md 7.3). Video: as many as are forwarded. Audio: a source that sounds takes the slot of one
// that has not sounded for a second; while there is none it is not forwarded.
inline constexpr std::size_t kMaxSlotsPerKind = 50;
inline constexpr Duration kSlotSilence = 1s;
// SSRCs that one receiver was ever sent. None may be forgotten while its SRTP keys live: the same sequence number would be protected
// twice. At the limit new sources are not forwarded to this receiver until it connects anew.
inline constexpr std::size_t kMaxRememberedSsrcs = 2048;

inline constexpr std::size_t kHistoryPackets = 512;     // for retransmission: of each encoding, and of each stream sent; older ones are gone
inline constexpr std::size_t kMaxMissing = 128;         // NACK list of one encoding; the oldest give way
inline constexpr std::size_t kMaxNackGap = 100;         // a longer gap is a restart, not loss (media.md 9)
inline constexpr int kMaxNackTries = 10;
inline constexpr Duration kNackInterval = 150ms;

inline constexpr std::size_t kMaxChannelMessageBytes = 128 * 1024;  // longer: dropped
inline constexpr std::size_t kMaxChannelDepth = 32;                 // of JSON nesting; deeper: dropped
inline constexpr std::size_t kMaxConstraintNames = 2000;            // in `constraints`; the rest is ignored
inline constexpr std::size_t kMaxSelectedNames = 100;               // in each list of names; the rest is ignored
inline constexpr double kChannelMessagesPerSecond = 50;             // more than that, after a burst: dropped
inline constexpr double kChannelMessageBurst = 200;
inline constexpr double kChannelBytesPerSecond = 256 * 1024;
inline constexpr double kChannelByteBurst = 1024 * 1024;
inline constexpr std::size_t kMaxStatsBroadcast = 20;  // endpoints; in larger conferences stats go to those who watch (media.md 6.5)

inline constexpr Duration kNeverConnectedLimit = 120s;  // then endpoint_failed
inline constexpr Duration kFirstTrafficLimit = 15s;     // media.md 17.1, connectivity inactive
inline constexpr Duration kSilenceLimit = 8s;
inline constexpr Duration kConnectivityInterval = 500ms;
inline constexpr Duration kTick = 10ms;
inline constexpr Duration kReportInterval = 500ms;      // receiver reports to senders
inline constexpr Duration kChannelExpected = 30s;
inline constexpr Duration kEncodingIdle = 2s;           // an encoding silent for so long while others send is inactive
inline constexpr Duration kAllocationInterval = 5s;     // at the latest (media.md 14)
inline constexpr Duration kUpgradeHold = 10s;           // after bandwidth took a layer away (media.md 24)
inline constexpr Duration kSettleTime = 1s;             // until a new layer's bit rate has been measured
inline constexpr Duration kConnectionStatsInterval = 10s;  // media.md 6.5
inline constexpr Duration kSpeakerInterval = 300ms;
inline constexpr std::uint8_t kSilentPackets = 4;       // in a row that are passed on; what follows is silence too (media.md 9)

}  // namespace conclave::sfu
