#pragma once
// What an operator says about the client in the browser. Values; any thread.
#include <string>

namespace conclave::web {

struct ClientOptions {
  std::string json = "{}";  // an object: laid over the server's own part of config.js
  // JavaScript of the operator's, as he wrote it.
  std::string prefix{};                   // in front of config.js
  std::string custom_config{};            // behind it
  std::string custom_interface_config{};  // behind interface_config.js
};

}  // namespace conclave::web
