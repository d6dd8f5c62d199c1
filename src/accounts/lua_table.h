#pragma once
// Reads the one kind of Lua that Prosody's data files are: `return { ["key"] = value; … };`. Values are strings,
// numbers, true, false and such tables; nothing is run. Anything else is no table. Pure; any thread.
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace conclave::accounts {

inline constexpr std::size_t kMaxLuaBytes = 256 * 1024;
inline constexpr int kMaxLuaDepth = 8;
inline constexpr std::size_t kMaxLuaValues = 4096;

struct LuaValue;
// By key; items without one are "1", "2", …. A key twice is an error: which one counts would be a guess.
using LuaTable = std::map<std::string, LuaValue>;

struct LuaValue {
  std::variant<std::string, double, bool, std::shared_ptr<const LuaTable>> value;

  const std::string* text() const { return std::get_if<std::string>(&value); }
  const double* number() const { return std::get_if<double>(&value); }
};

std::optional<LuaTable> read_lua_table(std::string_view text);

}  // namespace conclave::accounts
