#include "web/site.h"

#include <algorithm>
#include <utility>

#include "web/file_answer.h"

namespace conclave::web {
namespace {

constexpr std::size_t kMaxHostBytes = 255;

// A Host header goes into pages: only what can be a host and a port.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > kMaxHostBytes) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
}

// Those that stock pages and config.js files know from their web servers.
std::map<std::string, std::string, std::less<>> variables_of(const HttpRequest& request, const SitePath& path,
                                                             const std::string& public_host) {
  const std::string_view said = request.headers.find("Host").value_or("");
  const std::string host = is_host(said) ? std::string(said) : public_host;
  std::map<std::string, std::string, std::less<>> variables{{"http_host", host},
                                                            {"host", host.substr(0, host.rfind(':'))},
                                                            {"scheme", request.tls ? "https" : "http"},
                                                            {"uri", request.path},
                                                            {"document_uri", request.path},
                                                            {"request_uri", request.target}};
  if (!path.tenant.empty()) {
    variables["subdir"] = path.tenant + "/";
    variables["subdomain"] = path.tenant + ".";
    variables["prefix"] = path.tenant;
  }
  return variables;
}

// Files are the same for everybody; what is put together depends on who asks for what.
bool is_shared(const SitePath& path) {
  return path.kind == SitePath::Kind::Files && !path.page && !path.files.empty() &&
         !path.files.front().ends_with(".html");
}

std::string key_of(const Question& question) {
  std::string key = "made";
  for (const auto& [name, value] : question.variables) key += '\n' + name + '=' + value;
  return key;
}

}  // namespace

Site::Site(Loop& loop, SiteOptions options, ConfigOf config_of)
    : Pinned(loop),
      options_(std::move(options)),
      config_of_(std::move(config_of)),
      root_(std::make_shared<const Root>(options_.directory)),
      workers_("web", kThreads, kMaxQueued) {}

void Site::serve(const HttpRequest& request, HttpReply reply) {
  assert_here();
  SitePath path = site_path(request.path, options_.tenants);
  if (path.kind == SitePath::Kind::Nothing) return reply(HttpResponse::not_found());
  if (request.method != "GET" && request.method != "HEAD") return reply(HttpResponse::method_not_allowed("GET, HEAD"));
  Question question{.path = path};
  for (const std::string& name : path.files) {
    const FileCache::Entry* entry = cache_.find(name);
    if (entry && loop().now() - entry->checked < kFresh) return reply(answer({.file = entry->file}, request));
    question.known.push_back(entry ? entry->file : nullptr);
  }
  Waiter waiter{request, std::move(reply), std::move(path)};
  if (!is_shared(waiter.path)) return assemble(std::move(waiter), std::move(question));
  question.shared = true;
  const std::string key = waiter.path.files.front();
  ask(key, std::move(waiter), std::move(question));
}

// For this one asker: his host, his address, his tenant.
void Site::assemble(Waiter waiter, Question question) {
  question.config = config_of_(waiter.path.tenant);
  question.interface_config = options_.interface_config;
  question.variables = variables_of(waiter.request, waiter.path, options_.public_host);
  const std::string key = key_of(question);
  ask(key, std::move(waiter), std::move(question));
}

void Site::ask(const std::string& key, Waiter waiter, Question question) {
  std::vector<Waiter>& waiters = waiting_[key];
  waiters.push_back(std::move(waiter));
  if (waiters.size() > 1) return;
  const bool shared = question.shared;
  const bool taken = workers_.run<Found>(
      loop(), [root = root_, question = std::move(question)] { return look_for(question, *root); },
      [this, key, shared, alive = std::weak_ptr<bool>(alive_)](Found what) {
        if (!alive.expired()) found(key, shared, std::move(what));
      });
  if (!taken) found(key, shared, {.status = 503});
}

void Site::found(const std::string& key, bool shared, Found what) {
  if (what.file && !what.made) cache_.put(what.file, loop().now());
  auto waiters = std::move(waiting_.extract(key).mapped());
  if (shared && what.status == 404) {
    // The page that says so may echo what was asked: each gets his own.
    cache_.forget(key);
    for (Waiter& waiter : waiters) {
      Question question{.path = waiter.path};
      assemble(std::move(waiter), std::move(question));
    }
    return;
  }
  for (Waiter& waiter : waiters) waiter.reply(answer(what, waiter.request));
}

HttpResponse Site::answer(const Found& what, const HttpRequest& request) const {
  if (!what.file) {
    if (what.status == 404) return HttpResponse::not_found();
    HttpResponse sorry = HttpResponse::text(
        what.status, what.status == 503 ? "The web client cannot be read: it is not built, or its directory "
                                          "(WEB_ROOT) has no index.html, or too much is asked for.\n"
                                        : "This page could not be put together.\n");
    sorry.headers.set("Retry-After", "1");
    return sorry;
  }
  if (what.status != 200) {
    HttpResponse page = HttpResponse::html(what.status, what.file->body);
    page.headers.set("Cache-Control", "no-store");
    return page;
  }
  HttpResponse response = answer_with(what.file, request);
  if (!options_.shared_origin.empty() && is_shared_asset(what.file->name))
    response.headers.set("Access-Control-Allow-Origin", options_.shared_origin);
  return response;
}

}  // namespace conclave::web
