#include "server/openmetrics.h"

#include <gtest/gtest.h>

namespace conclave::server {
namespace {

TEST(OpenMetrics, TheDialectIsAsAccepted) {
  for (const char* accept :
       {"application/openmetrics-text", "text/plain;q=0.5, application/openmetrics-text; version=1.0.0; q=0.1",
        "application/openmetrics-text;version=0.0.1,*/*;q=0.1"}) {
    EXPECT_EQ(metric_dialect(accept), MetricDialect::OpenMetrics) << accept;
  }
  for (const char* accept :
       {"", "*/*", "text/plain", "application/openmetrics-text;q=0", "application/openmetrics-text ; q=0.000",
        "application/openmetrics-texts", ",;,", "text/plain;x=application/openmetrics-text"}) {
    EXPECT_EQ(metric_dialect(accept), MetricDialect::Prometheus) << accept;
  }
}

std::string text_of(MetricDialect dialect) {
  MetricText text(dialect);
  text.family("a_bytes", "counter", "Bytes", "bytes");
  text.value(3, {{"of", "x"}, {"to", "y"}});
  text.family("b", "gauge", "Now");
  text.value(4);
  text.family("c_seconds", "histogram", "Time", "seconds");
  text.bucket(16e-6, 1);
  text.histogram_end(2, 0.5);
  return std::move(text).finish();
}

TEST(OpenMetrics, Writes) {
  EXPECT_EQ(text_of(MetricDialect::OpenMetrics),
            "# HELP a_bytes Bytes\n# TYPE a_bytes counter\n# UNIT a_bytes bytes\na_bytes_total{of=\"x\",to=\"y\"} 3\n"
            "# HELP b Now\n# TYPE b gauge\nb 4\n"
            "# HELP c_seconds Time\n# TYPE c_seconds histogram\n# UNIT c_seconds seconds\n"
            "c_seconds_bucket{le=\"1.6e-05\"} 1\nc_seconds_bucket{le=\"+Inf\"} 2\nc_seconds_sum 0.5\nc_seconds_count "
            "2\n# EOF\n");
}

TEST(OpenMetrics, ThePlainDialectNamesCountersByTheirSamplesAndHasNoUnits) {
  EXPECT_EQ(
      text_of(MetricDialect::Prometheus),
      "# HELP a_bytes_total Bytes\n# TYPE a_bytes_total counter\na_bytes_total{of=\"x\",to=\"y\"} 3\n"
      "# HELP b Now\n# TYPE b gauge\nb 4\n"
      "# HELP c_seconds Time\n# TYPE c_seconds histogram\n"
      "c_seconds_bucket{le=\"1.6e-05\"} 1\nc_seconds_bucket{le=\"+Inf\"} 2\nc_seconds_sum 0.5\nc_seconds_count 2\n");
}

}  // namespace
}  // namespace conclave::server
