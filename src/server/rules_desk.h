#pragma once
// The rules in force: policy and issuers from the settings, keys from wherever they are fetched. Makes a new set for
// every loop when one of them changes. Lives on loop 0.
#include <memory>

#include "access/policy_book.h"
#include "access/rules.h"
#include "loop/pinned.h"
#include "ops/settings.h"
#include "server/token_desk.h"

namespace conclave::server {

struct Common;

class RulesDesk : public Pinned {
 public:
  // `common` outlives this, and need not know the stations yet.
  RulesDesk(UvLoop& loop, Common& common, const ops::Settings& settings);

  TokenDesk& tokens() { return tokens_; }
  std::shared_ptr<const access::Rules> rules() const;

  // Every loop decides by these settings from its next turn on. Keys that were fetched stay, where their source is the
  // same.
  void replace(const ops::Settings& settings, ops::AtReload inside);

 private:
  void keys_changed(const TokenDesk::Verifier& verifier);

  Common& common_;
  access::PolicyBook policies_;
  ops::AtReload inside_ = ops::AtReload::Keep;  // of the change that is being made
  TokenDesk tokens_;
};

}  // namespace conclave::server
