#pragma once
// Dates as HTTP writes them. Pure; any thread.
#include <string>

#include "base/time.h"

namespace conclave {

// RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT"; always English, whatever the locale.
std::string http_date(WallTime time);

}  // namespace conclave
