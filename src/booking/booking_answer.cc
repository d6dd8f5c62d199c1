#include "booking/booking_answer.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"

namespace conclave::booking {
namespace {

using Json = nlohmann::json;

std::optional<Json> object_of(std::string_view body) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

const Json* member(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() || at->is_null() ? nullptr : &*at;
}

// Servers write ids as numbers or as texts.
std::optional<std::string> id_of(const Json& object, const char* name) {
  const Json* value = member(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_integer()) return value->dump();
  if (!value->is_string()) return std::nullopt;
  auto text = value->get<std::string>();
  if (text.empty() || text.size() > kMaxTextBytes) return std::nullopt;
  return text;
}

// Each of these leaves `out` alone and says false for a wrong type; a missing member is no error.
bool take(const Json& object, const char* name, std::string& out) {
  const Json* value = member(object, name);
  if (value == nullptr) return true;
  if (!value->is_string() || value->get_ref<const std::string&>().size() > kMaxTextBytes) return false;
  out = value->get<std::string>();
  return true;
}
bool take(const Json& object, const char* name, std::optional<bool>& out) {
  const Json* value = member(object, name);
  if (value == nullptr) return true;
  if (!value->is_boolean()) return false;
  out = value->get<bool>();
  return true;
}
bool take(const Json& object, const char* name, std::optional<std::uint32_t>& out) {
  const Json* value = member(object, name);
  if (value == nullptr) return true;
  if (!value->is_number_integer()) return false;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max())
    return false;
  out = static_cast<std::uint32_t>(value->get<std::uint64_t>());
  return true;
}

class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}
  bool number(std::size_t digits, int& out) {
    if (rest_.size() < digits) return false;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    out = value;
    return true;
  }
  bool mark(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void fraction() {
    if (!mark('.')) return;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<WallTime> Booking::ends_at(WallTime begun) const {
  if (!duration) return std::nullopt;
  return start.value_or(begun) + *duration;
}

std::optional<Booking> read_booking(std::string_view body) {
  const auto json = object_of(body);
  if (!json) return std::nullopt;
  Booking booking;
  const auto id = id_of(*json, "id");
  if (!id) return std::nullopt;
  booking.id = *id;
  std::string start;
  std::string password;
  std::optional<std::uint32_t> seconds;
  if (!take(*json, "name", booking.name) || !take(*json, "mail_owner", booking.mail_owner) ||
      !take(*json, "start_time", start) || !take(*json, "duration", seconds) ||
      !take(*json, "max_occupants", booking.max_occupants) || !take(*json, "lobby", booking.lobby) ||
      !take(*json, "password", password)) {
    return std::nullopt;
  }
  if (!start.empty()) {
    booking.start = read_time(start);
    if (!booking.start) return std::nullopt;
  }
  if (seconds) booking.duration = std::chrono::seconds(*seconds);
  if (!password.empty()) booking.password = std::move(password);
  return booking;
}

std::optional<std::string> read_conflict(std::string_view body) {
  const auto json = object_of(body);
  return json ? id_of(*json, "conflict_id") : std::nullopt;
}

std::string read_message(std::string_view body) {
  const auto json = object_of(body);
  const Json* value = json ? member(*json, "message") : nullptr;
  if (value == nullptr || !value->is_string()) return {};
  std::string text = value->get<std::string>();
  if (text.size() > kMaxTextBytes) {
    std::size_t end = kMaxTextBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
    text.resize(end);
  }
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

std::optional<WallTime> read_time(std::string_view text) {
  Digits digits(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!(digits.number(4, year) && digits.mark('-') && digits.number(2, month) && digits.mark('-') &&
        digits.number(2, day) && digits.mark('T') && digits.number(2, hour) && digits.mark(':') &&
        digits.number(2, minute) && digits.mark(':') && digits.number(2, second))) {
    return std::nullopt;
  }
  digits.fraction();
  int offset = 0;
  if (!digits.mark('Z')) {
    const int sign = digits.mark('+') ? 1 : digits.mark('-') ? -1 : 0;
    int hours = 0;
    int minutes = 0;
    if (sign == 0 || !digits.number(2, hours)) return std::nullopt;
    (void)digits.mark(':');
    if (!digits.number(2, minutes) || hours > 14 || minutes > 59) return std::nullopt;
    offset = sign * (hours * 60 + minutes);
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!digits.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute - offset) +
         std::chrono::seconds(second);
}

std::string write_time(WallTime time) {
  std::string text = rfc3339(time);
  text.pop_back();
  return text + ".000+0000";
}

}  // namespace conclave::booking
