#pragma once
// A stored file as the answer to a request: conditions (RFC 9110 §13), one range (§14), content coding (§12.5.3),
// caching. Pure; any thread.
#include "net/http.h"
#include "web/stored_file.h"

namespace conclave::web {

// 200, 206, 304 or 416.
HttpResponse answer_with(const SharedFile& shared, const HttpRequest& request);

// Whether the request takes that content coding: listed, or covered by *, and not with q=0.
bool accepts_coding(const HttpRequest& request, std::string_view coding);

}  // namespace conclave::web
