// BOSH through everything: each line is the text of a body, as HTTP brings it. SID stands for the session's own sid. A
// line may begin with + (a pause), - (the oldest request is abandoned) or > (a delivery) to have that happen before it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/log.h"
#include "loop/manual_loop.h"
#include "xmpp/binding/bosh_binding.h"
#include "xmpp/fake_peers.h"

using namespace conclave;
using namespace conclave::xmpp;

namespace {

struct Play {
  ManualLoop loop;
  fake::Doorkeeper doorkeeper;
  fake::House house;
  SeededRandom random{1};
  Sessions sessions{loop, doorkeeper, house, random, {.stream = {.domains = {"meet.example"}}}};
  BoshBinding binding{loop, sessions, random};
  Parser parser;
  std::string sid = "none";
  std::uint64_t asked = 0;
  std::uint64_t answered = 0;

  void answer(const bosh::Response& response) {
    ++answered;
    if (response.body.empty()) return;
    const auto body = parse(response.body);
    if (!body || !body->is("body", bosh::kNamespace)) {
      std::fprintf(stderr, "no body: %s\n", response.body.c_str());
      std::abort();
    }
    if (body->has_attribute("sid")) sid = body->attribute("sid");
  }
  void line(std::string_view text) {
    for (; !text.empty() && std::string_view("+->").find(text.front()) != std::string_view::npos;
         text.remove_prefix(1)) {
      if (text.front() == '+') loop.advance(std::chrono::seconds(15));
      if (text.front() == '-') binding.abandoned(bosh::HttpId{answered + 1});
      if (text.front() == '>') {
        for (const auto& [session, jid] : house.bound)
          sessions.deliver(session, Element("message").set_text("<hello>"));
      }
      loop.run_ready();
    }
    std::string body(text);
    if (const std::size_t at = body.find("SID"); at != std::string::npos) body.replace(at, 3, sid);
    auto element = parser.parse(body);
    if (!element) return;
    auto request = bosh::read_body(std::move(*element));
    if (!request) return;
    binding.receive(bosh::HttpId{++asked}, std::move(*request), {},
                    [this](bosh::Response response) { answer(response); });
    loop.run_ready();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  log::set_level(log::Level::Off);
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Play play;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    play.line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  // In the end every request has its one answer, and every session is over.
  play.loop.advance(std::chrono::seconds(300));
  play.loop.run_ready();
  if (play.answered != play.asked || play.binding.open() != 0 || play.sessions.connections() != 0) std::abort();
  return 0;
}
