#pragma once
// Why something of the operating system could not be had when the server starts, and what the operator may do about it.
// server/ turns it into a ConfigError; nothing here throws.
#include <string>

namespace conclave {

struct NetError {
  std::string problem;  // "cannot listen on 0.0.0.0:8443: address already in use"
  std::string remedy;   // "stop the program that holds the port, or choose another with HTTPS_PORT"
};

}  // namespace conclave
