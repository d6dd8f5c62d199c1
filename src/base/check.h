#pragma once
// CONCLAVE_CHECK guards memory, keys and other people's media: when it fails, going on would be worse than stopping, so it
// logs and aborts in every build. Nothing that a peer can cause may reach it; that is a value (base/result.h).
//
// CONCLAVE_BUG_IF is for one object's state contradicting itself: it aborts in builds with CONCLAVE_CHECK_LOOPS (tests) and in
// production evaluates to true after counting and logging, so that the caller can close just that room or session.
#include <cstdint>

namespace conclave {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);
bool bug_found(const char* condition, const char* file, int line);
std::uint64_t bugs_found();

}  // namespace conclave

#define CONCLAVE_CHECK(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::conclave::check_failed(#condition, __FILE__, __LINE__))

#define CONCLAVE_BUG_IF(condition) (static_cast<bool>(condition) && ::conclave::bug_found(#condition, __FILE__, __LINE__))
