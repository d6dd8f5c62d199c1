#pragma once
// The API's own description (OpenAPI 3.1), made from the table that requests are routed by.
#include "admin/call.h"

namespace conclave::admin {

Json openapi_document();

}  // namespace conclave::admin
