#include "access/jwk.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "access/json_check.h"
#include "base/base64.h"

namespace conclave::access {
namespace {

using Json = nlohmann::json;
using Kind = PublicKey::Kind;

constexpr std::size_t kMaxSetDepth = 8;
constexpr std::size_t kMaxSetMembers = 4096;
constexpr std::size_t kMaxPassedOver = 16;
constexpr std::size_t kMaxShownIdBytes = 64;

// Absent: not there, or no text.
std::optional<std::string> text_of(const Json& jwk, const char* name) {
  const auto found = jwk.find(name);
  if (found == jwk.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

// RFC 7518 §2: numbers are base64url of big-endian bytes. "" for what is none.
std::string number(const Json& jwk, const char* name) {
  return base64url_decode(text_of(jwk, name).value_or("")).value_or("");
}

Result<PublicKey, KeyError> public_key_of(const Json& jwk) {
  const std::string type = text_of(jwk, "kty").value_or("");
  const std::string curve = text_of(jwk, "crv").value_or("");
  if (type == "RSA") return PublicKey::rsa(number(jwk, "n"), number(jwk, "e"));
  if (type == "OKP" && curve == "Ed25519") return PublicKey::ed25519(number(jwk, "x"));
  if (type != "EC") return failure(KeyError::Unreadable);
  const std::pair<std::string_view, Kind> curves[] = {
      {"P-256", Kind::P256}, {"P-384", Kind::P384}, {"P-521", Kind::P521}};
  for (const auto& [name, kind] : curves) {
    if (curve == name) return PublicKey::on_curve(kind, number(jwk, "x"), number(jwk, "y"));
  }
  return failure(KeyError::Unreadable);
}

// RFC 7517 §4.2, §4.3. Both are optional; what is there must allow checking signatures.
bool is_for_signatures(const Json& jwk) {
  if (jwk.contains("use") && text_of(jwk, "use") != "sig") return false;
  const auto operations = jwk.find("key_ops");
  if (operations == jwk.end()) return true;
  return operations->is_array() && std::ranges::find(*operations, Json("verify")) != operations->end();
}

class SetReader {
 public:
  explicit SetReader(const std::vector<Algorithm>& allowed) : allowed_(allowed) {}

  void jwk(const Json& jwk) {
    if (!jwk.is_object()) return pass_over("", "not a JSON object");
    const std::string id = text_of(jwk, "kid").value_or("");
    if (jwk.contains("kid") && (id.empty() || id.size() > kMaxKeyIdBytes)) return pass_over("", "its kid is no id");
    if (!is_for_signatures(jwk)) return pass_over(id, "it is not for signatures");
    if (text_of(jwk, "kty") == "oct") return pass_over(id, "a secret is no public key");
    const auto key = public_key_of(jwk);
    if (!key) return pass_over(id, key_error_text(key.error()));
    if (!jwk.contains("alg")) return take(id, keys_of(*key, id, allowed_));
    const auto stated = algorithm_named(text_of(jwk, "alg").value_or(""));
    if (!stated) return pass_over(id, "its alg is not known");
    if (!allowed_.empty() && std::ranges::find(allowed_, *stated) == allowed_.end())
      return pass_over(id, "its alg is not allowed for this issuer");
    take(id, keys_of(*key, id, {*stated}));
  }

  void certificate(const std::string& id, const Json& pem) {
    if (id.empty() || id.size() > kMaxKeyIdBytes || !pem.is_string()) return pass_over("", "not a kid and a PEM text");
    const auto key = PublicKey::from_pem(pem.get_ref<const std::string&>());
    if (!key) return pass_over(id, key_error_text(key.error()));
    take(id, keys_of(*key, id, allowed_));
  }

  Result<KeySet, KeySetError> result() && {
    if (set_.keys.empty()) return failure(KeySetError::NoUsableKey);
    return std::move(set_);
  }

 private:
  void pass_over(const std::string& id, std::string_view why) {
    if (set_.passed_over.size() >= kMaxPassedOver) return;
    set_.passed_over.push_back("key " + (id.empty() ? "without kid" : id.substr(0, kMaxShownIdBytes)) + ": " +
                               std::string(why));
  }

  void take(const std::string& id, std::vector<VerificationKey> keys) {
    if (keys.empty()) return pass_over(id, key_error_text(KeyError::WrongFamily));
    for (VerificationKey& key : keys) {
      if (set_.keys.size() >= kMaxKeysPerSet) return pass_over(id, "the set has too many keys");
      set_.keys.push_back(std::move(key));
    }
  }

  const std::vector<Algorithm>& allowed_;
  KeySet set_;
};

}  // namespace

std::string_view key_set_error_text(KeySetError error) {
  switch (error) {
    case KeySetError::TooLarge:
      return "more than 256 KiB";
    case KeySetError::Malformed:
      return "not a JWKS, a JWK, or a JSON object of PEM certificates";
    case KeySetError::NoUsableKey:
      return "no key in it can check a signature of the allowed algorithms";
  }
  return "";
}

Result<KeySet, KeySetError> read_key_set(std::string_view text, const std::vector<Algorithm>& allowed) {
  if (text.size() > kMaxKeySetBytes) return failure(KeySetError::TooLarge);
  if (!strict_json(text, kMaxSetDepth, kMaxSetMembers)) return failure(KeySetError::Malformed);
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return failure(KeySetError::Malformed);
  SetReader reader(allowed);
  if (const auto keys = json.find("keys"); keys != json.end()) {
    if (!keys->is_array()) return failure(KeySetError::Malformed);
    for (const Json& one : *keys) reader.jwk(one);
  } else if (json.contains("kty")) {
    reader.jwk(json);
  } else {
    for (const auto& [id, pem] : json.items()) reader.certificate(id, pem);
  }
  return std::move(reader).result();
}

std::vector<VerificationKey> keys_of(const PublicKey& key, const std::string& key_id,
                                     const std::vector<Algorithm>& allowed) {
  static const std::vector<Algorithm> kUnsaid{Algorithm::RS256, Algorithm::ES256, Algorithm::ES384, Algorithm::ES512,
                                              Algorithm::EdDSA};
  std::vector<VerificationKey> keys;
  for (const Algorithm algorithm : allowed.empty() ? kUnsaid : allowed) {
    auto made = VerificationKey::from_public_key(algorithm, key, key_id);
    if (made) keys.push_back(*std::move(made));
  }
  return keys;
}

}  // namespace conclave::access
