#pragma once
// Two clocks. TimePoint is monotonic and drives timers; WallTime is the calendar and is compared with exp and nbf.
// Neither is read below the loops: `now` is passed in and stands still during one turn of a loop.
#include <chrono>

namespace conclave {

using Duration = std::chrono::steady_clock::duration;
using TimePoint = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_seconds;
using namespace std::chrono_literals;

}  // namespace conclave
