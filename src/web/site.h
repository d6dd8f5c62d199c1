#pragma once
// A web client, stock or our own, as its web server would serve it: files, rooms' pages, the two scripts that are made
// from the settings. Files are read by workers and kept in memory; nothing here waits for a disk.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "loop/pinned.h"
#include "loop/workers.h"
#include "net/http_server.h"
#include "web/file_cache.h"
#include "web/page.h"
#include "web/root.h"

namespace conclave::web {

struct SiteOptions {
  std::string directory{};
  bool tenants = true;
  std::string public_host{};          // what pages are told where a request's Host cannot be believed
  std::string shared_origin = "*";    // Access-Control-Allow-Origin of scripts, sounds, fonts; empty: none
  std::string interface_config = {};  // put behind the root's interface_config.js
};

// Lives on one loop, that of the HTTP servers.
class Site final : public Pinned {
 public:
  static constexpr Duration kFresh = 1s;            // so long a file in memory is taken for what is on the disk
  static constexpr unsigned kThreads = 2;           // that read
  static constexpr std::size_t kMaxQueued = 1'000;  // questions to the disk; further ones are answered 503

  // /config.js for a tenant, whose name may be empty. Asked on this loop, and only where a page or the script itself is
  // put together.
  using ConfigOf = std::function<std::string(std::string_view tenant)>;

  Site(Loop& loop, SiteOptions options, ConfigOf config_of);

  // GET and HEAD; others are answered 405.
  void serve(const HttpRequest& request, HttpReply reply);

  std::size_t cached_bytes() const { return cache_.bytes(); }

 private:
  struct Waiter {
    HttpRequest request;
    HttpReply reply;
    SitePath path;
  };

  void assemble(Waiter waiter, Question question);
  void ask(const std::string& key, Waiter waiter, Question question);
  void found(const std::string& key, bool shared, Found what);
  HttpResponse answer(const Found& what, const HttpRequest& request) const;

  const SiteOptions options_;
  const ConfigOf config_of_;
  const std::shared_ptr<const Root> root_;
  FileCache cache_;
  std::unordered_map<std::string, std::vector<Waiter>> waiting_;  // the same question is asked once
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Workers workers_;  // last: nothing is read for a site that is gone
};

}  // namespace conclave::web
