#include "server/revocation_file.h"

#include "server/stored_list.h"

namespace conclave::server {
namespace {

using Json = StoredJson;
using access::Revocation;

constexpr const char* kList = "revocations";

void put(Json& json, const char* name, const std::optional<WallTime>& time) {
  if (time) json[name] = time->time_since_epoch().count();
}

std::optional<WallTime> time_in(const Json& json, const char* name) {
  if (!json.contains(name)) return std::nullopt;
  return WallTime(std::chrono::seconds(json.at(name).get<std::int64_t>()));
}

Json as_json(const Revocation& one) {
  Json json{{"kind", access::revocation_kind_text(one.kind)}, {"value", one.value}};
  if (!one.issuer.empty()) json["issuer"] = one.issuer;
  put(json, "issued_before", one.issued_before);
  put(json, "until", one.until);
  put(json, "made", one.made);
  if (!one.note.empty()) json["note"] = one.note;
  return json;
}

// Throws nlohmann's exceptions for what is missing or of another type.
std::optional<Revocation> revocation_in(const Json& json) {
  const auto kind = access::revocation_kind_named(json.at("kind").get<std::string>());
  if (!kind) return std::nullopt;
  return Revocation{.kind = *kind,
                    .value = json.at("value").get<std::string>(),
                    .issuer = json.value("issuer", std::string()),
                    .issued_before = time_in(json, "issued_before"),
                    .until = time_in(json, "until"),
                    .made = time_in(json, "made").value_or(WallTime{}),
                    .note = json.value("note", std::string())};
}

}  // namespace

Result<access::RevocationList, std::string> read_revocations(const std::filesystem::path& file) {
  access::RevocationList list;
  auto problem = read_stored_list(file, kList, [&list](const Json& json) {
    auto one = revocation_in(json);
    return one && list.add(*std::move(one));
  });
  if (problem) return failure(*std::move(problem));
  return list;
}

std::string revocations_text(const access::RevocationList& list) {
  Json all = Json::array();
  for (const Revocation& one : list.all()) {
    if (one.kind != Revocation::Kind::Wallet) all.push_back(as_json(one));
  }
  return stored_list_text(kList, std::move(all));
}

}  // namespace conclave::server
