#include "ops/admin_client.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "loop/uv_loop.h"
#include "net/http_client.h"

namespace conclave::ops {
namespace {

using Answer = Result<HttpClientResponse, HttpClientError>;

Answer send(HttpClientRequest request) {
  UvLoop loop(LoopId{0});
  std::optional<Answer> answer;
  HttpClient client(loop);
  loop.post([&] {
    client.send(std::move(request), [&](Answer came) {
      answer = std::move(came);
      loop.stop();
    });
  });
  loop.run();
  return *std::move(answer);
}

std::string refusal_text(const HttpClientResponse& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  if (!json.is_object()) return "the server answered " + std::to_string(response.status);
  return json.value("error", std::string()) + " " + json.value("remedy", std::string());
}

}  // namespace

std::string admin_url(const Settings& settings) {
  if (!settings.admin_url.empty()) return settings.admin_url;
  if (settings.http_port == 0) {
    throw ConfigError("CONCLAVE_ADMIN_URL", "",
                      "HTTP_PORT is 0, so the port of the running server is not known from the settings. Give its "
                      "address, as http://127.0.0.1:8000.");
  }
  const bool everywhere = settings.bind_address == "0.0.0.0" || settings.bind_address == "::";
  const bool v6 = settings.bind_address.find(':') != std::string::npos;
  const std::string host = everywhere ? "127.0.0.1" : v6 ? "[" + settings.bind_address + "]" : settings.bind_address;
  return "http://" + host + ":" + std::to_string(settings.http_port);
}

std::string explain_live(const LiveQuestion& asked, const Settings& settings) {
  nlohmann::json question{{"room", asked.room}};
  if (!asked.token.empty()) question["token"] = asked.token;
  if (!asked.account.empty()) question["account"] = asked.account;
  return ask_admin(settings, {.method = "POST",
                              .path = "/explain",
                              .body = question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                              .accept = asked.as_json ? "application/json" : "text/plain"});
}

std::string ask_admin(const Settings& settings, const AdminRequest& request) {
  HttpClientRequest asked{
      .method = request.method,
      .url = admin_url(settings) + "/admin/v1" + request.path,
      .headers = {{"Authorization", "Bearer " + settings.admin_token.value_or("")}, {"Accept", request.accept}},
      .body = request.body};
  if (!request.body.empty()) asked.headers.emplace_back("Content-Type", "application/json");
  // The certificate that the server made for itself is as good as the data directory that it lies in.
  const auto certificate = settings.data_dir / "cert.pem";
  if (asked.url.starts_with("https://") && std::filesystem::exists(certificate)) asked.ca_file = certificate;
  const Answer answer = send(std::move(asked));
  if (!answer) throw AdminError(answer.error().problem + ". Is the server running, with these settings?");
  if (answer->status >= 300) throw AdminError(refusal_text(*answer));
  return answer->body;
}

}  // namespace conclave::ops
