#pragma once
// A number that cannot be mixed up with another number.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace conclave {

template <class Tag, class Number = std::uint64_t>
struct StrongId {
  Number value{};
  constexpr StrongId() = default;
  constexpr explicit StrongId(Number number) : value(number) {}
  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

}  // namespace conclave

template <class Tag, class Number>
struct std::hash<conclave::StrongId<Tag, Number>> {
  std::size_t operator()(const conclave::StrongId<Tag, Number>& id) const noexcept { return std::hash<Number>{}(id.value); }
};
