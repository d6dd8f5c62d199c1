#pragma once
// The list of files that people of a meeting have shared (signalling.md 6.18). The files themselves lie elsewhere: with
// the service that the operator names to clients.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "component/component.h"

namespace conclave::component {

// Of one meeting, and of what is said of one file. More is refused with not-allowed.
inline constexpr std::size_t kMaxFiles = 200;
inline constexpr std::size_t kMaxFileBytes = 4 * 1'024;

class FileSharing final : public Component {
 public:
  using Component::Component;

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void room_closed(room::Room& room) override;

 private:
  struct File {
    std::string id;
    std::string author;  // access::Identity::subject
    std::string json;    // as it is told
  };

  void add(room::Room& room, const room::Occupant& by, const xmpp::Element& message, const std::string& said);
  void remove(room::Room& room, const room::Occupant& by, const xmpp::Element& message, const std::string& id);

  std::map<const room::Room*, std::vector<File>> rooms_;  // in the order of sharing
};

}  // namespace conclave::component
