#pragma once
// The book of tickets (access.md 4.8), which lives on one loop and is asked by messages from all.
#include <string>

#include "access/ticket.h"
#include "loop/pinned.h"

namespace conclave::server {

class Tickets : public Pinned {
 public:
  static constexpr Duration kExpiryInterval = 60s;

  Tickets(Loop& loop, Random& random);

  access::TicketBook& book() {
    assert_here();
    return book_;
  }

 private:
  void expire_later();

  access::TicketBook book_;
  Timer expiry_;
};

}  // namespace conclave::server
