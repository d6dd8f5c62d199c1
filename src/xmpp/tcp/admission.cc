#include "xmpp/tcp/admission.h"

namespace conclave::xmpp::tcp {

bool Admission::admit(const std::string& address) {
  const auto found = of_.find(address);
  const Count count = found == of_.end() ? Count{} : found->second;
  if (waiting_ >= limits_.max_waiting || count.waiting >= limits_.max_waiting_of_address ||
      count.all >= limits_.max_of_address) {
    return false;
  }
  of_[address] = {count.waiting + 1, count.all + 1};
  ++waiting_;
  return true;
}

void Admission::logged_in(const std::string& address) {
  --of_.at(address).waiting;
  --waiting_;
}

void Admission::left(const std::string& address, Was was) {
  if (was == Was::Waiting) logged_in(address);
  if (--of_.at(address).all == 0) of_.erase(address);
}

}  // namespace conclave::xmpp::tcp
