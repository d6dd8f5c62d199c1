// Whatever the body of a request is: if it is taken for JSON it can be read, and held against every schema.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "access/json_check.h"
#include "admin/api.h"
#include "admin/schema.h"
#include "admin/schemas.h"

using namespace conclave;
using namespace conclave::admin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  if (size > kMaxBodyBytes || !access::strict_json(body, kMaxBodyDepth, kMaxBodyMembers)) return 0;
  const auto json = nlohmann::ordered_json::parse(body);  // throws, and ends the program, where the check let too much pass
  for (const auto& [name, schema] : schemas().items()) (void)objection(schema, json, name);
  return 0;
}
