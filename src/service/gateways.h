#pragma once
// The gateways that are attached (Jigasi): each dial goes to the one with the least to do, and to another if it fails.
//
// Lives on loop 0, next to their brewery; what comes of a dial goes to the loop of the room.
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "access/room_name.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "service/brewery.h"
#include "service/dial.h"

namespace conclave::service {

inline constexpr std::size_t kMaxDials = 200;        // that no gateway has answered yet
inline constexpr std::size_t kMaxCalls = 2'000;      // whose address is kept, so that they can be ended
inline constexpr std::size_t kMaxGatewaysTried = 3;  // for one dial
inline constexpr Duration kGatewayTimeout = 15s;     // for one try

class Gateways : public Pinned {
 public:
  enum class Outcome { Called, NoneThere, TimedOut, Failed };
  struct Report {
    access::RoomName room;
    std::string call;  // the id that dial() was given
    Outcome outcome = Outcome::Failed;
    std::string resource = {};  // address of the call, if it was called
  };
  using Tell = std::function<void(const Report&)>;

  Gateways(Loop& loop, Brewery& brewery, Random& random, Tell tell);
  ~Gateways();

  // A report follows, maybe at once.
  void dial(const access::RoomName& room, const std::string& call, bool transcribes, xmpp::Element order);
  // Of a call that was answered for, else of nothing.
  void hang_up(const std::string& resource);

  void said(xmpp::SessionId gateway, const xmpp::Element& presence);
  void iq(xmpp::SessionId gateway, const xmpp::Element& iq);
  void gone(xmpp::SessionId gateway);

  std::size_t attached() const { return gateways_.size(); }

 private:
  struct Dialling;

  void next(Dialling& dialling, Outcome if_none);
  void over(Dialling& dialling, Outcome outcome, const std::string& resource = {});

  Brewery& brewery_;
  Random& random_;
  Tell tell_;
  std::map<xmpp::SessionId, GatewayHealth> gateways_;
  std::map<std::string, std::unique_ptr<Dialling>> dialling_;  // by id of the iq that is not answered
  std::map<std::string, xmpp::SessionId> calls_;               // by resource
};

}  // namespace conclave::service
