#include "server/openmetrics.h"

#include <array>
#include <charconv>

#include "base/check.h"

namespace conclave::server {
namespace {

constexpr std::string_view kOpenMetrics = "application/openmetrics-text";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes what stands before the separator.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = trimmed(rest.substr(0, at));
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = next_part(parameters, ';');
    if (parameter.starts_with("q=") && parameter.find_first_not_of("0.", 2) == std::string_view::npos) return true;
  }
  return false;
}

std::string decimal(double value) {
  std::array<char, 40> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

}  // namespace

MetricDialect metric_dialect(std::string_view accept) {
  while (!accept.empty()) {
    std::string_view range = next_part(accept, ',');
    if (next_part(range, ';') == kOpenMetrics && !is_refused(range)) return MetricDialect::OpenMetrics;
  }
  return MetricDialect::Prometheus;
}

std::string_view content_type(MetricDialect dialect) {
  return dialect == MetricDialect::OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                               : "text/plain; version=0.0.4; charset=utf-8";
}

void MetricText::family(std::string_view name, std::string_view type, std::string_view help, std::string_view unit) {
  (void)CONCLAVE_BUG_IF(!name.ends_with(unit));
  is_counter_ = type == "counter";
  name_ = name;
  // The older dialect knows a counter by the name of its samples.
  if (is_counter_ && dialect_ == MetricDialect::Prometheus) name_ += "_total";
  text_.append("# HELP ").append(name_).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name_).append(" ").append(type).append("\n");
  if (!unit.empty() && dialect_ == MetricDialect::OpenMetrics)
    text_.append("# UNIT ").append(name_).append(" ").append(unit).append("\n");
}

void MetricText::line(std::string_view suffix, Labels labels, std::string_view value) {
  text_.append(name_).append(suffix);
  char before = '{';
  for (const auto& [label, text] : labels) {
    text_.append(1, std::exchange(before, ',')).append(label).append("=\"").append(text).append("\"");
  }
  if (labels.size() > 0) text_.append("}");
  text_.append(" ").append(value).append("\n");
}

void MetricText::value(std::uint64_t value, Labels labels) {
  line(is_counter_ && dialect_ == MetricDialect::OpenMetrics ? "_total" : "", labels, std::to_string(value));
}

void MetricText::bucket(double bound, std::uint64_t count_up_to) {
  const std::string le = decimal(bound);
  line("_bucket", {{"le", le}}, std::to_string(count_up_to));
}

void MetricText::histogram_end(std::uint64_t count, double sum) {
  line("_bucket", {{"le", "+Inf"}}, std::to_string(count));
  line("_sum", {}, decimal(sum));
  line("_count", {}, std::to_string(count));
}

std::string MetricText::finish() && {
  if (dialect_ == MetricDialect::OpenMetrics) text_.append("# EOF\n");
  return std::move(text_);
}

}  // namespace conclave::server
