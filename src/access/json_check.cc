#include "access/json_check.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace conclave::access {
namespace {

// Every callback's answer says whether to go on reading.
class Checker final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Checker(std::size_t max_depth, std::size_t max_members) : max_depth_(max_depth), max_members_(max_members) {}

  bool null() override { return member(); }
  bool boolean(bool) override { return member(); }
  bool number_integer(number_integer_t) override { return member(); }
  bool number_unsigned(number_unsigned_t) override { return member(); }
  bool number_float(number_float_t, const string_t&) override { return member(); }
  bool string(string_t& text) override { return clean(text) && member(); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override { return clean(name) && keys_.back().insert(name).second; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  static bool clean(const std::string& text) { return text.find('\0') == std::string::npos; }
  bool member() { return ++members_ <= max_members_; }
  bool open() {
    keys_.emplace_back();
    return keys_.size() <= max_depth_ && member();
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::size_t max_depth_;
  std::size_t max_members_;
  std::size_t members_ = 0;
  std::vector<std::set<std::string>> keys_;  // of each object that is open
};

}  // namespace

bool strict_json(std::string_view text, std::size_t max_depth, std::size_t max_members) {
  if (text.starts_with("\xEF\xBB\xBF"))
    return false;  // the parser would skip a byte order mark (RFC 8259 §8.1 lets us refuse it)
  Checker checker(max_depth, max_members);
  return nlohmann::json::sax_parse(text, &checker);
}

}  // namespace conclave::access
