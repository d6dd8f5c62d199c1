#pragma once
// A deadline below libldap's TLS. libldap counts the time of a connect and of an answer, but not of a TLS handshake
// (2.5 with GnuTLS asks the socket in circles) nor of an answer that begins and does not go on; this layer does. Worker
// threads only.
#include <chrono>
#include <memory>

struct ldap;

namespace conclave::ldap {

// One per handle; goes after it.
class WireDeadline {
 public:
  WireDeadline();
  ~WireDeadline();
  WireDeadline(const WireDeadline&) = delete;
  WireDeadline& operator=(const WireDeadline&) = delete;

  // Every connection that the handle opens from now on is held to the deadline. False if libldap will not.
  [[nodiscard]] bool attach(struct ldap* handle);
  // Reading and writing fail when `time` is over, until it is set again.
  void set(std::chrono::milliseconds time);

 private:
  struct Layer;
  std::unique_ptr<Layer> layer_;
};

}  // namespace conclave::ldap
