#pragma once
// /metrics: the counters of all stations added up, as text.
#include "net/http_server.h"
#include "server/openmetrics.h"

namespace conclave::server {

struct Common;

void gather_metrics(Common& common, MetricDialect dialect, HttpReply reply);

}  // namespace conclave::server
