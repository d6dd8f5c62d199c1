// The content of one of Prosody's account files; what can be read of it is imported as an account would be, but for
// clear passwords, which are hashed slowly.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "accounts/lua_table.h"
#include "accounts/prosody_import.h"
#include "base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace conclave;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = accounts::read_lua_table(text);
  if (!table) return 0;
  SeededRandom random(1);
  if (!table->contains("password")) (void)accounts::account_from_prosody("fuzz", text, random);
  (void)accounts::decoded_file_name(text);
  return 0;
}
