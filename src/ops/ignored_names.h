#pragma once
// Docker's variables that this server takes without reading them, and why (environment.md 2 to 4). A table: a name that
// comes into use moves from here into setting_table.h.
#include <span>
#include <string_view>

namespace conclave::ops {

struct IgnoredGroup {
  std::string_view reason;  // a sentence; "" for what is docker's or its helpers' and deserves no notice
  std::string_view names;   // separated by blanks; one that ends with an underscore is a family
};

std::span<const IgnoredGroup> ignored_groups();

}  // namespace conclave::ops
