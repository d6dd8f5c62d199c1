#pragma once
// Which of the waiting datagrams leave in one message of sendmmsg (UDP segmentation offload, udp(7)): those to one
// receiver that have one size, the last may be shorter. The order of what one receiver gets is kept; that between
// receivers is nobody's business.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/address.h"

namespace conclave {

class SegmentPlan {
 public:
  static constexpr std::size_t kMaxDatagrams = 512;  // looked at together
  static constexpr std::size_t kMaxSegments = 16;    // of one message
  static constexpr std::uint16_t kNone = 0xffff;

  struct Group {
    std::uint16_t first = 0;  // index of a datagram; `next` leads on
    std::uint16_t last = 0;
    std::uint16_t count = 0;
    std::uint16_t size = 0;  // bytes of each but the last
    bool full = false;
  };

  void clear() {
    groups_count_ = datagrams_ = 0;
    latest_.fill(kNone);
  }
  // The next datagram of the queue. `join`: whether it may share a message at all. At most kMaxDatagrams between two
  // clear().
  void add(const Address& to, std::size_t size, bool join) {
    const auto index = static_cast<std::uint16_t>(datagrams_++);
    to_[index] = to;
    next_[index] = kNone;
    // A receiver that collides with another one begins a new group, behind all of its former ones: so nothing
    // overtakes.
    std::uint16_t& latest = latest_[std::hash<Address>{}(to) % latest_.size()];
    if (join && size > 0 && latest != kNone) {
      Group& group = groups_[latest];
      if (!group.full && size <= group.size && to_[group.first] == to) {
        next_[group.last] = index;
        group.last = index;
        group.full = ++group.count == kMaxSegments || size < group.size;
        return;
      }
    }
    latest = static_cast<std::uint16_t>(groups_count_);
    groups_[groups_count_++] = {
        .first = index, .last = index, .count = 1, .size = static_cast<std::uint16_t>(size), .full = size == 0};
  }

  std::size_t groups() const { return groups_count_; }
  std::size_t datagrams() const { return datagrams_; }
  const Group& group(std::size_t i) const { return groups_[i]; }
  std::uint16_t next(std::uint16_t datagram) const { return next_[datagram]; }

 private:
  std::size_t groups_count_ = 0;
  std::size_t datagrams_ = 0;
  std::array<Group, kMaxDatagrams> groups_;
  std::array<std::uint16_t, kMaxDatagrams> next_;
  std::array<Address, kMaxDatagrams> to_;
  std::array<std::uint16_t, 1024> latest_;
};

}  // namespace conclave
