#include "server/tickets.h"

namespace conclave::server {

Tickets::Tickets(Loop& loop, Random& random) : Pinned(loop), book_(random) {
  loop.post([this] { expire_later(); });
}

void Tickets::expire_later() {
  expiry_ = loop().after(kExpiryInterval, [this] {
    book_.expire(loop().wall_now());
    expire_later();
  });
}

}  // namespace conclave::server
