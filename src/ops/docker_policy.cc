#include "ops/docker_policy.h"

#include <algorithm>
#include <span>

#include "ops/known_names.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using access::AutoPromote;
using access::Guests;
using access::Moderators;
using access::Starters;
using access::Switch;

class DockerReader {
 public:
  DockerReader(const SettingReader& read, access::Policy& policy, std::vector<Notice>& notices)
      : read_(read), policy_(policy), notices_(notices) {}

  void read() {
    // CONCLAVE_AUTH with a way to authenticate says that people are; docker's default is for files that say nothing.
    const auto own = read_.list("CONCLAVE_AUTH");
    const bool own_says = !own.empty() && lower_ascii(own.front()) != "none";
    if (read_.boolean("ENABLE_AUTH").value_or(own_says)) {
      with_accounts();
    } else {
      without_accounts();
    }
    if (read_.boolean("WAIT_FOR_HOST_DISABLE_AUTO_OWNERS").value_or(false)) {
      policy_.moderators = Moderators::Claimed;
      policy_.written[Switch::Moderators] = "WAIT_FOR_HOST_DISABLE_AUTO_OWNERS=1";
    }
  }

 private:
  void warn(std::string name, std::string text) {
    notices_.push_back({Notice::Kind::Warning, std::move(name), std::move(text)});
  }
  void ignore(std::string name, std::string text) {
    notices_.push_back({Notice::Kind::Ignored, std::move(name), std::move(text)});
  }

  void without_accounts() {
    policy_.auth = {};
    policy_.guests = Guests::Create;
    policy_.auto_promote = read_.boolean("ENABLE_AUTO_OWNER").value_or(true) ? AutoPromote::Anyone : AutoPromote::Never;
    policy_.written[Switch::Guests] = "ENABLE_AUTH=0";
    policy_.written[Switch::AutoPromote] = said_or("ENABLE_AUTO_OWNER", "ENABLE_AUTH=0");
    warn("ENABLE_AUTH",
         "Nobody is authenticated: everybody who reaches this server may start any room. Set ENABLE_AUTH=1 to change "
         "that.");
    if (read_.boolean("ENABLE_GUESTS").value_or(false)) {
      warn("ENABLE_GUESTS", "It does nothing without ENABLE_AUTH=1: everybody is a guest already.");
    }
    for (const char* name : {"AUTH_TYPE", "JWT_APP_SECRET"}) {
      if (read_.has(name)) ignore(name, "It does nothing without ENABLE_AUTH=1.");
    }
  }

  void with_accounts() {
    policy_.auth = auth_types();
    const bool guests = read_.boolean("ENABLE_GUESTS").value_or(false);
    const bool empty = read_.boolean("JWT_ALLOW_EMPTY").value_or(false);
    policy_.guests = guests || empty ? Guests::Join : Guests::Deny;
    policy_.written[Switch::Guests] = empty && !guests ? "JWT_ALLOW_EMPTY=1"
                                      : guests         ? "ENABLE_GUESTS=1"
                                                       : "ENABLE_GUESTS=0";
    if (guests && empty)
      warn("JWT_ALLOW_EMPTY",
           "It means the same as ENABLE_GUESTS here: guests may join. To let them start rooms set "
           "CONCLAVE_GUESTS=create.");
    else if (empty)
      warn("JWT_ALLOW_EMPTY",
           "Guests may join open rooms; unlike elsewhere they start none. For that set CONCLAVE_GUESTS=create.");
    const auto auto_owner = read_.boolean("ENABLE_AUTO_OWNER");
    if (!read_.boolean("JICOFO_ENABLE_AUTH").value_or(true)) {
      // Tokens are checked, but nobody needs one to start.
      policy_.starters = Starters::Authenticated;
      policy_.auto_promote = auto_owner.value_or(true) ? AutoPromote::Anyone : AutoPromote::Never;
      policy_.written[Switch::Starters] = "JICOFO_ENABLE_AUTH=0";
      policy_.written[Switch::AutoPromote] = said_or("ENABLE_AUTO_OWNER", "JICOFO_ENABLE_AUTH=0");
    } else if (auto_owner) {
      ignore("ENABLE_AUTO_OWNER",
             "While people are authenticated nobody is made moderator for coming first. CONCLAVE_AUTO_PROMOTE can say "
             "otherwise.");
    }
  }

  std::string said_or(const std::string& name, std::string_view otherwise) const {
    const auto said = read_.text(name);
    return said ? name + "=" + *said : std::string(otherwise);
  }

  access::AuthMethods auth_types() {
    const std::string name =
        read_.has("AUTH_TYPE") || !read_.has("PROSODY_AUTH_TYPE") ? "AUTH_TYPE" : "PROSODY_AUTH_TYPE";
    auto words = read_.list(name);
    if (words.empty()) words = {"internal"};
    access::AuthMethods methods;
    for (const std::string& word : words) {
      const std::string lower = lower_ascii(word);
      if (lower == "jwt")
        methods.token = true;
      else if (lower == "internal")
        methods.password = true;
      else if (lower == "ldap")
        methods.ldap = true;
      else if (lower == "matrix" || lower == "hybrid_matrix_token")
        read_.wrong(name, "Matrix accounts are not supported. Use jwt.");
      else
        read_.wrong(name, "Use one or several of jwt, internal, ldap, with commas.");
    }
    return methods;
  }

  const SettingReader& read_;
  access::Policy& policy_;
  std::vector<Notice>& notices_;
};

// Does conclave.toml speak of who may do what, in our own words?
bool speaks_of_policy(const FileSettings& settings) {
  const auto is_in = [](std::span<const SettingRow> rows, std::string_view name) {
    return std::ranges::find(rows, name, &SettingRow::name) != rows.end();
  };
  return std::ranges::any_of(settings, [&](const auto& setting) {
    return is_in(policy_rows(), setting.first) || is_in(token_rows(), setting.first);
  });
}

}  // namespace

void read_docker_policy(const SettingReader& read, access::Policy& policy, std::vector<Notice>& notices) {
  DockerReader(read, policy, notices).read();
}

bool is_docker_style(const Environment& environment, const std::optional<EnvFile>& file, const FileSettings& toml) {
  // In the environment of a process only what says how people authenticate, and the names of docker's services, count;
  // a lone JWT_APP_SECRET there is a token server's, not a sign that everybody may start rooms.
  const auto counts_in_process = [](std::string_view name) {
    return is_docker_name(name) && !name.starts_with("JWT_") &&
           (name == "ENABLE_AUTH" || name == "ENABLE_GUESTS" || name == "AUTH_TYPE" ||
            name.starts_with("JICOFO_AUTH_PASS") || name.starts_with("JVB_AUTH_") ||
            name.starts_with("JICOFO_COMPONENT_"));
  };
  const bool in_process = std::ranges::any_of(
      environment, [&](const auto& entry) { return !entry.second.empty() && counts_in_process(entry.first); });
  if (in_process || !file) return in_process;
  // A file that speaks of policy in our own words is no docker file because it also has a token's secret.
  const auto is_set = [](const auto& entry) { return !entry.second.value.empty(); };
  const bool own_words = speaks_of_policy(toml) || std::ranges::any_of(file->entries, [&](const auto& entry) {
                           return is_set(entry) && entry.first.starts_with("CONCLAVE_") && is_used_name(entry.first);
                         });
  return std::ranges::any_of(file->entries, [&](const auto& entry) {
    return is_set(entry) && is_docker_name(entry.first) && !(own_words && entry.first.starts_with("JWT_"));
  });
}

}  // namespace conclave::ops
