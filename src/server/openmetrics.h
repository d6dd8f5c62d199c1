#pragma once
// Writes metrics as text, in one of two dialects that differ little: OpenMetrics 1.0, or the older one of Prometheus
// (0.0.4), which every collector takes.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace conclave::server {

enum class MetricDialect : std::uint8_t { Prometheus, OpenMetrics };

// By an Accept header (RFC 9110 §12.5.1); empty: none. OpenMetrics for whoever names it with a weight that is not 0.
MetricDialect metric_dialect(std::string_view accept);
std::string_view content_type(MetricDialect dialect);

class MetricText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit MetricText(MetricDialect dialect) : dialect_(dialect) {}

  // Begins a family; its samples follow. `type`: counter, gauge or histogram. `unit` must be the last word of the name,
  // or empty.
  void family(std::string_view name, std::string_view type, std::string_view help, std::string_view unit = {});
  // Of a counter or gauge. Labels and their values are our own words, nothing of a client's.
  void value(std::uint64_t value, Labels labels = {});
  // Of a histogram, with ascending bounds; then the end.
  void bucket(double bound, std::uint64_t count_up_to);
  void histogram_end(std::uint64_t count, double sum);

  std::string finish() &&;

 private:
  void line(std::string_view suffix, Labels labels, std::string_view value);

  MetricDialect dialect_;
  std::string text_;
  std::string name_;
  bool is_counter_ = false;
};

}  // namespace conclave::server
