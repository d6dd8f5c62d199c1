#include "sfu/drop_window.h"

namespace conclave::sfu {

void DropWindow::begin(std::int64_t first) {
  known_.reset();
  dropped_.reset();
  closed_.reset();
  highest_ = first - 1;
  total_ = 0;
}

void DropWindow::reach(std::int64_t number) {
  if (number - highest_ >= kWindow) {
    known_.reset();
    dropped_.reset();
    closed_.reset();
  } else {
    for (std::int64_t n = highest_ + 1; n <= number; ++n) {
      known_.reset(index(n));
      dropped_.reset(index(n));
      closed_.reset(index(n));
    }
  }
  highest_ = number;
}

void DropWindow::forward(std::int64_t number) {
  if (number > highest_) reach(number);
  if (within(number)) known_.set(index(number));
}

void DropWindow::drop(std::int64_t number) {
  const bool latest = number > highest_;
  if (latest) reach(number);
  if (!within(number) || known_[index(number)]) return;
  known_.set(index(number));
  dropped_.set(index(number));
  if (!latest) return;
  closed_.set(index(number));
  ++total_;
}

std::int64_t DropWindow::dropped_before(std::int64_t number) const {
  std::int64_t count = total_;
  for (std::int64_t n = highest_; n >= number && highest_ - n < kWindow; --n) count -= closed_[index(n)] ? 1 : 0;
  return count;
}

}  // namespace conclave::sfu
