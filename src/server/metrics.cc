#include "server/metrics.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "server/gather.h"
#include "server/metric_samples.h"

namespace conclave::server {
namespace {

struct Transit {
  std::array<std::uint64_t, TransitTimes::kBounds + 1> counts{};
  double seconds = 0;
};
struct Samples {
  std::vector<Sample> plain;
  Trail::Decisions decisions;
  Trail::Logins logins;
  Transit transit;
};

Samples sample(Station& station) {
  Samples samples{plain_samples(station), station.trail().decisions(), station.trail().logins(), {}};
  const TransitTimes& transit = station.media().counters().transit;
  for (std::size_t i = 0; i < samples.transit.counts.size(); ++i) samples.transit.counts[i] = transit.count(i);
  samples.transit.seconds = transit.seconds();
  return samples;
}

template <class Counts>
Counts sum(const std::vector<Samples>& stations, Counts Samples::*which) {
  Counts all;
  for (const Samples& station : stations) {
    for (const auto& [labels, count] : station.*which) all[labels] += count;
  }
  return all;
}

void add_plain(MetricText& text, const std::vector<Samples>& stations) {
  for (std::size_t i = 0; i < stations.front().plain.size(); ++i) {
    const Sample& first = stations.front().plain[i];
    std::uint64_t all = 0;
    for (const Samples& station : stations) all += station.plain[i].value;
    text.family(first.name, first.type, first.help, first.name.ends_with("_bytes") ? "bytes" : "");
    text.value(all);
  }
}

void add_transit(MetricText& text, const std::vector<Samples>& stations) {
  text.family("conclave_media_transit_seconds", "histogram",
              "From the read of a datagram on a media port to the write of what it causes", "seconds");
  std::uint64_t up_to = 0;
  for (std::size_t i = 0; i <= TransitTimes::kBounds; ++i) {
    for (const Samples& station : stations) up_to += station.transit.counts[i];
    if (i < TransitTimes::kBounds) text.bucket(TransitTimes::bound_seconds(i), up_to);
  }
  double seconds = 0;
  for (const Samples& station : stations) seconds += station.transit.seconds;
  text.histogram_end(up_to, seconds);
}

void add_decisions(MetricText& text, const Trail::Decisions& decisions) {
  text.family("conclave_decisions", "counter", "Decisions about people, by the slug of the reason");
  for (const auto& [labels, count] : decisions) {
    const auto& [act, outcome, reason] = labels;
    text.value(count, {{"act", act}, {"outcome", outcome}, {"reason", reason}});
  }
}

void add_logins(MetricText& text, const Trail::Logins& logins) {
  text.family("conclave_logins", "counter", "Log-ins; what was refused by its slug");
  for (const auto& [labels, count] : logins) text.value(count, {{"kind", labels.first}, {"outcome", labels.second}});
}

std::string as_text(const std::vector<Samples>& stations, const Common& common, MetricDialect dialect) {
  MetricText text(dialect);
  const auto counter = [&text](std::string_view name, std::string_view help, std::uint64_t value) {
    text.family(name, "counter", help);
    text.value(value);
  };
  add_plain(text, stations);
  add_transit(text, stations);
  for (const Sample& sample : credential_samples(common)) {
    text.family(sample.name, sample.type, sample.help);
    text.value(sample.value);
  }
  add_decisions(text, sum(stations, &Samples::decisions));
  add_logins(text, sum(stations, &Samples::logins));
  if (common.audit) {
    counter("conclave_audit_entries", "Entries written to the audit log", common.audit->written());
    counter("conclave_audit_entries_lost", "Entries of the audit log that could not be written", common.audit->lost());
  }
  counter("conclave_bugs", "Times that the server found itself wrong", bugs_found());
  return std::move(text).finish();
}

}  // namespace

void gather_metrics(Common& common, MetricDialect dialect, HttpReply reply) {
  gather<Samples>(common, sample, [&common, dialect, reply = std::move(reply)](std::vector<Samples> stations) mutable {
    HttpResponse response;
    response.headers.set("Content-Type", std::string(content_type(dialect)));
    response.headers.set("Vary", "Accept");
    response.body = as_text(stations, common, dialect);
    reply(std::move(response));
  });
}

}  // namespace conclave::server
