#include "web/page.h"

#include "base/log.h"
#include "web/gzip.h"
#include "web/includes.h"

namespace conclave::web {
namespace {

constexpr std::string_view kNothingHere = "var interfaceConfig = {};\n";

SharedFile made(std::string name, std::string body) {
  StoredFile file{.name = std::move(name), .body = std::move(body)};
  file.etag = etag_of(file.body);
  if (file.body.size() >= RootOptions::kMinGzipBytes) file.gzip = gzipped(file.body);
  return std::make_shared<const StoredFile>(std::move(file));
}

class Assembly {
 public:
  Assembly(const Question& question, const Root& root) : question_(question), root_(root) {
    includes_.file = [this](const std::string& name) { return content(name); };
    includes_.variables = question.variables;
  }

  Found script(const std::string& name) { return with_includes(name, *content(name), 200); }

  Found with_includes(const std::string& name, std::string_view text, int status) {
    auto body = expand(text, name, includes_);
    if (!body) {
      log::error("a page cannot be put together", {{"file", name}, {"reason", web::text(body.error())}});
      return {.status = 500};
    }
    return {.status = status, .file = made(name, *std::move(body)), .made = true};
  }

 private:
  // The two scripts are ours, wherever a page includes them.
  std::optional<std::string> content(const std::string& name) const {
    const SitePath path = site_path(name, false);
    if (path.kind == SitePath::Kind::Config) return question_.config;
    if (path.kind == SitePath::Kind::InterfaceConfig)
      return root_.text(name).value_or(std::string(kNothingHere)) + question_.interface_config;
    if (path.kind == SitePath::Kind::Nothing) return std::nullopt;
    return root_.text(name);
  }

  const Question& question_;
  const Root& root_;
  Includes includes_;
};

bool is_page(std::string_view name) {
  return name.ends_with(".html");
}

}  // namespace

Found look_for(const Question& question, const Root& root) {
  Assembly assembly(question, root);
  if (question.path.kind == SitePath::Kind::Config) return assembly.script("/config.js");
  if (question.path.kind == SitePath::Kind::InterfaceConfig) return assembly.script("/interface_config.js");
  for (std::size_t i = 0; i < question.path.files.size(); ++i) {
    const std::string& name = question.path.files[i];
    SharedFile file = root.read(name, i < question.known.size() ? question.known[i] : nullptr);
    if (!file) continue;
    return is_page(name) ? assembly.with_includes(name, file->body, 200) : Found{.file = std::move(file)};
  }
  if (question.path.page) {
    const auto index = root.text("/index.html");
    if (!index) return {.status = 503};
    return assembly.with_includes("/index.html", *index, 200);
  }
  if (question.shared) return {.status = 404};
  const auto missing = root.text("/static/404.html");
  return missing ? assembly.with_includes("/static/404.html", *missing, 404) : Found{.status = 404};
}

}  // namespace conclave::web
