#pragma once
// The table of everything that the API serves.
#include <span>
#include <string_view>

#include "admin/call.h"

namespace conclave::admin {

struct Route {
  std::string_view method;
  std::string_view path;  // below /admin/v1: "/rooms/{room}/end"
  std::string_view name;  // operationId
  std::string_view summary;
  std::string_view query;       // schemas by name (schemas.h); "": none
  std::string_view body;        // "": none is read
  std::string_view success;     // of the answer
  int status;                   // of the answer
  std::span<const int> errors;  // besides those that every route may answer: 400, 401, 403, 405, 413, 415
  void (*handle)(Call call);
  bool changes = false;  // is written into the audit log
};

std::span<const Route> routes();

}  // namespace conclave::admin
