#include "server/rules_desk.h"

#include <utility>

#include "server/station.h"

namespace conclave::server {

RulesDesk::RulesDesk(UvLoop& loop, Common& common, const ops::Settings& settings)
    : Pinned(loop),
      common_(common),
      policies_(settings.policies),
      tokens_(loop, settings.issuers, settings.key_sources,
              [this](const TokenDesk::Verifier& verifier) { keys_changed(verifier); }) {}

std::shared_ptr<const access::Rules> RulesDesk::rules() const {
  return std::make_shared<const access::Rules>(
      access::Rules{.policies = policies_, .verifier = tokens_.fetcher().verifier()});
}

void RulesDesk::replace(const ops::Settings& settings, ops::AtReload inside) {
  assert_here();
  policies_ = settings.policies;
  inside_ = inside;
  tokens_.fetcher().replace(settings.issuers, settings.key_sources);  // ends in keys_changed()
  inside_ = ops::AtReload::Keep;
}

void RulesDesk::keys_changed(const TokenDesk::Verifier& verifier) {
  const auto rules = std::make_shared<const access::Rules>(access::Rules{.policies = policies_, .verifier = verifier});
  for (Station* station : common_.stations)
    station->run([station, rules, inside = inside_] { station->set_rules(rules, inside); });
}

}  // namespace conclave::server
