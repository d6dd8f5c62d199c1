#pragma once
// Numbers of a stream from which some are left out on purpose, so that those behind can close up. What is merely missing keeps its place,
// for it may still come. Pure; owned by the projection; no allocation.
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace conclave::sfu {

class DropWindow {
 public:
  static constexpr std::int64_t kWindow = 1024;  // of what came last; nothing is known of what is older

  // Numbers do not wrap. The first one is forwarded or dropped like all others.
  void begin(std::int64_t first);
  void forward(std::int64_t number);
  // One that is not the latest leaves a hole: those behind it are on their way already.
  void drop(std::int64_t number);

  bool known(std::int64_t number) const { return within(number) && known_[index(number)]; }
  bool dropped(std::int64_t number) const { return within(number) && dropped_[index(number)]; }
  // It was dropped, and those behind it have closed up.
  bool closed_up(std::int64_t number) const { return within(number) && closed_[index(number)]; }
  // By how many `number` moves up.
  std::int64_t dropped_before(std::int64_t number) const;
  std::int64_t highest() const { return highest_; }
  std::int64_t dropped_in_all() const { return total_; }

 private:
  static std::size_t index(std::int64_t number) { return static_cast<std::size_t>(number & (kWindow - 1)); }
  bool within(std::int64_t number) const { return number <= highest_ && highest_ - number < kWindow; }
  void reach(std::int64_t number);

  std::bitset<kWindow> known_;
  std::bitset<kWindow> dropped_;
  std::bitset<kWindow> closed_;
  std::int64_t highest_ = -1;
  std::int64_t total_ = 0;
};

}  // namespace conclave::sfu
