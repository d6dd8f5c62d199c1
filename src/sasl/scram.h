#pragma once
// The server's side of one SCRAM exchange (RFC 5802, RFC 7677). Pure: texts in, texts out, no channel binding.
//
//   client-first  n,,n=user,r=CNONCE          begin()
//   server-first  r=CNONCESNONCE,s=SALT,i=N   challenge()
//   client-final  c=biws,r=…,p=PROOF          finish()
//   server-final  v=SIGNATURE                 its result
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sasl/scram_keys.h"

namespace conclave::sasl {

inline constexpr std::size_t kMaxScramBytes = 4096;  // of one message
inline constexpr std::size_t kMaxNonceBytes = 512;
inline constexpr std::size_t kServerNonceLength = 24;

enum class ScramError { Malformed, ChannelBinding, Extension, WrongNonce, WrongProof };

class ScramExchange {
 public:
  static Result<ScramExchange, ScramError> begin(std::string_view client_first);

  // As sent, with =2C and =3D undone; not prepared.
  const std::string& username() const { return username_; }
  const std::string& authzid() const { return authzid_; }

  // The server-first message; `server_nonce` is printable without commas. Keys of nobody make an exchange that looks
  // like any other and fails.
  std::string challenge(const ScramKeys& keys, std::string_view server_nonce);
  // The server-final message, or why not. After challenge(), once.
  Result<std::string, ScramError> finish(std::string_view client_final) const;

 private:
  std::string gs2_header_;
  std::string username_;
  std::string authzid_;
  std::string client_first_bare_;
  std::string server_first_;
  std::string nonce_;  // the client's, then both
  ScramKeys keys_;
};

}  // namespace conclave::sasl
