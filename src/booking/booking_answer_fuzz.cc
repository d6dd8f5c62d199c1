// Whatever a booking server answers: read as a booking, as a conflict, as a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "booking/booking_answer.h"

using namespace conclave;
using namespace conclave::booking;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  if (const auto booking = read_booking(body)) (void)booking->ends_at(WallTime{});
  (void)read_conflict(body);
  // Goes to a person's screen.
  for (const char c : read_message(body)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
  }
  return 0;
}
