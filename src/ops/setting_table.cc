#include "ops/setting_table.h"

#include <algorithm>
#include <iterator>

namespace conclave::ops {
namespace {

// In the order in which an operator meets them, and in which the documents list them.
const SettingSection kSections[] = {
    {"server", "Where the server listens", "Addresses, ports, files.", server_rows()},
    {"relays", "STUN and TURN",
     "Other servers that a browser uses when it does not reach this one, or another browser, by itself. Credentials go "
     "to "
     "those who are let into a meeting.",
     relay_rows()},
    {"log", "Log and administration", "What is written down, and who may ask.", log_rows()},
    {"names", "Names in XMPP addresses", "Clients see them, people do not. No domain means anything for rights.",
     name_rows()},
    {"policy", "Who may do what",
     "The switches of the decision table; the start prints what they come to in sentences. Each may be set again for "
     "rooms that match a pattern: [[rooms]].",
     policy_rows()},
    {"token", "Tokens (JWT) of one issuer",
     "Whoever signs tokens with one key needs nothing else. Several issuers side by side: [[issuer]].", token_rows()},
    {"ldap", "Directory accounts (LDAP)", "Looked at if auth names ldap.", ldap_rows()},
    {"oidc", "Single sign-on (OpenID Connect)", "The provider's log-in becomes a token of this server for one room.",
     oidc_rows()},
    {"booking", "Booking server", "Rooms are started only when it agrees.", booking_rows()},
    {"services", "Proxies and attached services", "Accounts of programs, not of people.", service_rows()},
    {"web", "Serving the web client", "Pages and their headers.", web_rows()},
    {"client", "What the client in the browser is told",
     "Keys of config.js, under the names that docker-jitsi-meet has for them; our own client uses some of them, a "
     "stock "
     "one all. None gives or takes a right.",
     client_rows()},
    {"docker", "Names of docker-jitsi-meet about who may do what",
     "Understood in the environment and in the .env file, and translated into the settings above, which win over them. "
     "They have no key in conclave.toml.",
     docker_policy_rows()},
};

bool is_older_name(const SettingRow& row, std::string_view variable) {
  return !row.older.empty() && std::ranges::count(words_of(row.older), variable) > 0;
}

}  // namespace

std::string without_underscores(std::string_view name) {
  std::string out;
  std::ranges::copy_if(name, std::back_inserter(out), [](char c) { return c != '_'; });
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string_view kind_text(SettingKind kind) {
  switch (kind) {
    case SettingKind::Switch:
      return "switch";
    case SettingKind::Number:
      return "number";
    case SettingKind::Duration:
      return "duration";
    case SettingKind::Text:
      return "text";
    case SettingKind::Word:
      return "word";
    case SettingKind::List:
      return "list";
    case SettingKind::Path:
      return "path";
    case SettingKind::Secret:
      return "secret";
  }
  return "";
}

std::span<const SettingSection> setting_sections() {
  return kSections;
}

const SettingRow* setting_named(std::string_view variable) {
  constexpr std::string_view kFile = "_FILE";
  const std::string_view stem =
      variable.ends_with(kFile) ? variable.substr(0, variable.size() - kFile.size()) : std::string_view();
  for (const SettingSection& section : kSections) {
    for (const SettingRow& row : section.rows) {
      if (row.name == variable || is_older_name(row, variable)) return &row;
      if (row.kind == SettingKind::Secret && row.name == stem) return &row;
    }
  }
  return nullptr;
}

const SettingSection* section_named(std::string_view name) {
  const auto found = std::ranges::find(kSections, name, &SettingSection::name);
  return found == std::end(kSections) ? nullptr : found;
}

const SettingRow* setting_of_key(const SettingSection& section, std::string_view key) {
  for (const SettingRow& row : section.rows) {
    if (row.key.empty()) continue;
    if (row.key == key) return &row;
    if (row.kind == SettingKind::Secret && key == std::string(row.key) + "_file") return &row;
  }
  return nullptr;
}

std::string variable_of(const SettingRow& row, std::string_view key) {
  return std::string(row.name) + (key == row.key ? "" : "_FILE");
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates) {
  constexpr std::size_t kShort = 6;  // shorter names are near everything
  const std::string bare = without_underscores(text);
  for (const std::string_view one : candidates) {
    if (one.size() >= kShort && one != text && without_underscores(one) == bare) return one;
  }
  for (const std::string_view one : candidates) {
    const std::size_t longer = std::max(one.size(), text.size());
    const std::size_t shorter = std::min(one.size(), text.size());
    if (shorter < kShort || longer - shorter > 2 || one == text) continue;
    if (edit_distance(one, text) <= (longer < 12 ? 1U : 2U)) return one;
  }
  return {};
}

}  // namespace conclave::ops
