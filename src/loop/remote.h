#pragma once
#include <memory>
#include <utility>

#include "loop/loop.h"

namespace conclave {

// A handle to an object on another loop. It can send and nothing else, so a read across loops cannot be written. Safe to copy to
// any loop; the object is locked, and so perhaps released, only at home.
template <class T>
class Remote {
 public:
  Remote() = default;
  Remote(Loop& home, std::weak_ptr<T> target) : home_(&home), target_(std::move(target)) {}

  // `work(T&)` runs at home in a later turn, or never if the target is gone by then. Its captures are values.
  template <class Work>
  void send(Work work) const {
    if (home_ == nullptr) return;
    home_->post([target = target_, work = std::move(work)]() mutable {
      if (const std::shared_ptr<T> alive = target.lock()) work(*alive);
    });
  }
  LoopId home() const { return home_ == nullptr ? LoopId{} : home_->id(); }
  explicit operator bool() const { return home_ != nullptr; }

 private:
  Loop* home_ = nullptr;  // loops outlive everything that runs on them
  std::weak_ptr<T> target_;
};

}  // namespace conclave
