#include "sasl/scram.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/base64.h"

namespace conclave::sasl {
namespace {

using Fields = std::vector<std::string_view>;

Fields split(std::string_view text) {
  Fields fields;
  while (true) {
    const std::size_t comma = text.find(',');
    fields.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    text.remove_prefix(comma + 1);
  }
}

// "x=value" with a value; RFC 5802 §7, attr-val.
bool is_attribute(std::string_view field) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return field.size() > 2 && is_letter(field[0]) && field[1] == '=';
}

std::optional<std::string_view> value_of(std::string_view field, char name) {
  if (!is_attribute(field) || field[0] != name) return std::nullopt;
  return field.substr(2);
}

// saslname: "=" stands only as =2C or =3D.
std::optional<std::string> unescaped(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\0') return std::nullopt;
    if (name[i] != '=') {
      text += name[i];
      continue;
    }
    const std::string_view code = name.substr(i, 3);
    if (code != "=2C" && code != "=3D") return std::nullopt;
    text += code == "=2C" ? ',' : '=';
    i += 2;
  }
  return text;
}

bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNonceBytes &&
         std::ranges::all_of(text, [](char c) { return c >= 0x21 && c <= 0x7e && c != ','; });
}

// Optional extensions, which are ignored, may stand between; all have to look like attributes.
bool are_extensions(const Fields& fields, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    if (!is_attribute(fields[i]) || fields[i].find('\0') != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

Result<ScramExchange, ScramError> ScramExchange::begin(std::string_view client_first) {
  if (client_first.size() > kMaxScramBytes) return failure(ScramError::Malformed);
  const Fields fields = split(client_first);
  // gs2-cbind-flag "," [authzid] "," [mandatory extension ","] username "," nonce [extensions]
  if (fields.size() < 4) return failure(ScramError::Malformed);
  if (fields[0].starts_with("p=")) return failure(ScramError::ChannelBinding);
  // "y": the client could bind and believes that we cannot, which is right.
  if (fields[0] != "n" && fields[0] != "y") return failure(ScramError::Malformed);
  ScramExchange exchange;
  if (!fields[1].empty()) {
    const auto authzid = value_of(fields[1], 'a');
    auto name = authzid ? unescaped(*authzid) : std::nullopt;
    if (!name) return failure(ScramError::Malformed);
    exchange.authzid_ = *std::move(name);
  }
  if (fields[2].starts_with("m=")) return failure(ScramError::Extension);
  const auto username = value_of(fields[2], 'n');
  auto name = username ? unescaped(*username) : std::nullopt;
  const auto nonce = value_of(fields[3], 'r');
  if (!name || !nonce || !is_nonce(*nonce) || !are_extensions(fields, 4, fields.size())) {
    return failure(ScramError::Malformed);
  }
  exchange.username_ = *std::move(name);
  exchange.nonce_ = *nonce;
  const std::size_t header = fields[0].size() + fields[1].size() + 2;
  exchange.gs2_header_ = client_first.substr(0, header);
  exchange.client_first_bare_ = client_first.substr(header);
  return exchange;
}

std::string ScramExchange::challenge(const ScramKeys& keys, std::string_view server_nonce) {
  keys_ = keys;
  nonce_ += server_nonce;
  server_first_ =
      "r=" + nonce_ + ",s=" + base64_encode(as_bytes(keys_.salt)) + ",i=" + std::to_string(keys_.iterations);
  return server_first_;
}

Result<std::string, ScramError> ScramExchange::finish(std::string_view client_final) const {
  if (client_final.size() > kMaxScramBytes) return failure(ScramError::Malformed);
  const Fields fields = split(client_final);
  if (fields.size() < 3 || !are_extensions(fields, 2, fields.size() - 1)) return failure(ScramError::Malformed);
  const auto binding = value_of(fields[0], 'c');
  const auto nonce = value_of(fields[1], 'r');
  const auto proof_text = value_of(fields.back(), 'p');
  if (!binding || !nonce || !proof_text) return failure(ScramError::Malformed);
  if (base64_decode(*binding) != gs2_header_) return failure(ScramError::ChannelBinding);
  if (!same_bytes(*nonce, nonce_)) return failure(ScramError::WrongNonce);
  const auto proof = base64_decode(*proof_text);
  if (!proof || proof->size() != digest_bytes(keys_.hash)) return failure(ScramError::Malformed);

  const std::string_view without_proof = client_final.substr(0, client_final.size() - fields.back().size() - 1);
  const std::string message = client_first_bare_ + "," + server_first_ + "," + std::string(without_proof);
  // ClientKey = ClientProof XOR ClientSignature; its hash is what is stored.
  std::string client_key = scram_hmac(keys_.hash, keys_.stored_key, message);
  for (std::size_t i = 0; i < client_key.size(); ++i) client_key[i] = static_cast<char>(client_key[i] ^ (*proof)[i]);
  if (!same_bytes(scram_digest(keys_.hash, client_key), keys_.stored_key)) return failure(ScramError::WrongProof);
  return "v=" + base64_encode(as_bytes(scram_hmac(keys_.hash, keys_.server_key, message)));
}

}  // namespace conclave::sasl
