#pragma once
// Which temporal layers of a stream go out, when higher ones may be added, and when they must not be: a picture may refer to any picture of
// its own or a lower layer that came before, so a layer begins where the sender says that nothing earlier is needed. Pure.
#include <array>
#include <cstddef>
#include <cstdint>

namespace conclave::sfu {

inline constexpr std::size_t kMaxTemporalLayers = 8;

class TemporalLayers {
 public:
  // A key picture: all that follows needs nothing before it.
  void begin(std::int64_t picture, std::uint8_t target);
  // A lower one holds at once, a higher one from the next place that allows it.
  void set_target(std::uint8_t target);

  // A picture that has not been decided yet. `alone`: it refers to the lowest layer only, or to pictures that went out.
  bool wants(std::int64_t picture, std::uint8_t temporal, bool alone) const;
  // It went out, or it did not. `opens`: later pictures of all higher layers refer to nothing before it but lower layers.
  void forwarded(std::int64_t picture, std::uint8_t temporal, bool alone, bool opens);
  void dropped(std::int64_t picture, std::uint8_t temporal);
  // Some layer within the target has not begun.
  bool incomplete() const { return open_ < target_; }

 private:
  bool unbroken_since(std::int64_t picture, std::uint8_t temporal) const;

  std::uint8_t target_ = 0;
  std::uint8_t open_ = 0;  // the highest layer of which, as of all below it, every picture goes out
  std::int64_t opened_at_ = 0;
  std::array<std::int64_t, kMaxTemporalLayers> last_dropped_{};
};

}  // namespace conclave::sfu
