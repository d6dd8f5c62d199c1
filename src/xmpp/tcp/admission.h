#pragma once
// Who may connect by TCP: so many that have not logged in, so many of one address. Pure.
#include <cstddef>
#include <map>
#include <string>

#include "base/time.h"

namespace conclave::xmpp::tcp {

struct Limits {
  std::size_t max_waiting = 200;            // connections that have not logged in
  std::size_t max_waiting_of_address = 20;  // of those, of one address
  std::size_t max_of_address = 500;         // a gateway has one for each call
  Duration tls_timeout = 10s;               // from connection to the end of the TLS handshake
};

class Admission {
 public:
  explicit Admission(const Limits& limits) : limits_(limits) {}

  // Whether one more may come, who then counts as waiting.
  [[nodiscard]] bool admit(const std::string& address);
  void logged_in(const std::string& address);
  enum class Was { Waiting, LoggedIn };
  void left(const std::string& address, Was was);

  std::size_t waiting() const { return waiting_; }
  std::size_t addresses() const { return of_.size(); }

 private:
  struct Count {
    std::size_t waiting = 0;
    std::size_t all = 0;
  };

  Limits limits_;
  std::size_t waiting_ = 0;
  std::map<std::string, Count> of_;
};

}  // namespace conclave::xmpp::tcp
