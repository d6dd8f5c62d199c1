#pragma once
// /metrics: OpenMetrics text, the counters of all stations added up.
#include "net/http_server.h"

namespace conclave::server {

struct Common;

void gather_metrics(Common& common, HttpReply reply);

}  // namespace conclave::server
