#pragma once
// /colibri/stats: the numbers of the SFU under the names that stock dashboards and scripts know (media.md 22.3). All
// names are there; what there is none of with us (other bridges, a data channel, a bridge's own XMPP clients) is 0,
// false or "".
#include <string>
#include <vector>

#include "net/http_server.h"
#include "server/loop_load.h"

namespace conclave::server {

struct Common;

// Lives on loop 0.
class ColibriStats {
 public:
  ColibriStats(Common& common, std::string region);

  // All loops are asked.
  void answer(HttpReply reply);

 private:
  Common& common_;
  const std::string region_;
  std::vector<LoopLoad> loads_;  // by loop; each is touched on its loop alone
};

}  // namespace conclave::server
