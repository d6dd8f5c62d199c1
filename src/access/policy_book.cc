#include "access/policy_book.h"

#include <algorithm>

namespace conclave::access {

const Policy& PolicyBook::for_room(const RoomName& room) const {
  const auto found = std::ranges::find_if(sections, [&](const Section& one) { return one.pattern.matches(room); });
  return found == sections.end() ? base : found->policy;
}

}  // namespace conclave::access
