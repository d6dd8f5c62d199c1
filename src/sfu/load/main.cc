// The load generator: JSON lines in, JSON lines out, UDP beside them. `sfu_load <IPv4 address to bind>`.
//   {"op":"add","id":…,"role":"controlled"|"controlling"}            → {"added":id,"ufrag","pwd","fingerprint","port"}
//   {"op":"remote","id","ufrag","pwd","fingerprint","ip","port","payload_type"}   → {"connected":id,"profile"} when it
//   is
//   {"op":"stream","id","kind":"video"|"audio","ssrc","payload_type","audio_level_id","rate","packets","bytes"}
//   {"op":"start"}, {"op":"stop"}
//   {"op":"count"}                                     →
//   {"count":{"sent","delivered","verified","bad","cpu","median","late"}}; the last two: ms of delay since the start,
//   50 and 99 %
// It trusts its input: a line that makes no sense ends it.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "sfu/load/client.h"

namespace conclave::load {
namespace {

using Json = nlohmann::json;

constexpr Duration kTimers = 20ms;

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void say(const Json& message) {
  std::puts(message.dump().c_str());
  std::fflush(stdout);
}

class Generator {
 public:
  explicit Generator(const Address& bind) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    world_.bind = bind;
    world_.certificate.emplace(world_.random,
                               std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    watch(STDIN_FILENO, nullptr);
  }

  void run() {
    while (open_) {
      wait();
      const TimePoint now = std::chrono::steady_clock::now();
      if (now - timers_ >= kTimers) {
        timers_ = now;
        for (auto& [id, client] : clients_) client->advance(now);
        tell_connected();
      }
      if (now >= next_send_) {
        next_send_ = TimePoint::max();
        for (Client* sender : senders_) next_send_ = std::min(next_send_, sender->send_due(now, counts_));
      }
    }
  }

 private:
  void watch(int fd, Client* client) {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = client}};
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) std::perror("sfu_load: epoll_ctl");
  }

  void wait() {
    const TimePoint until = std::min(next_send_, timers_ + kTimers);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    const TimePoint now = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
      if (auto* client = static_cast<Client*>(events[i].data.ptr)) {
        client->readable(now, counts_);
      } else {
        read_commands(now);
      }
    }
  }

  void read_commands(TimePoint now) {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count <= 0) {
      open_ = false;
      return;
    }
    input_.append(buffer.data(), static_cast<std::size_t>(count));
    for (std::size_t end; (end = input_.find('\n')) != std::string::npos; input_.erase(0, end + 1)) {
      command(now, Json::parse(input_.substr(0, end)));
    }
  }

  void command(TimePoint now, const Json& line) {
    const std::string op = line.at("op");
    if (op == "add") return add(now, line);
    if (op == "remote") return set_remote(now, line);
    if (op == "stream") return add_stream(line);
    if (op == "start") {
      counts_.delays.clear();
      return start(now);
    }
    if (op == "count") {
      return say({{"count",
                   {{"sent", counts_.sent},
                    {"delivered", counts_.delivered},
                    {"verified", counts_.verified},
                    {"bad", counts_.bad},
                    {"cpu", cpu_seconds()},
                    {"median", percentile(0.5)},
                    {"late", percentile(0.99)}}}});
    }
    for (Client* sender : senders_) sender->stop();
  }

  // In ms; 0 if there is none.
  double percentile(double share) {
    std::vector<Duration>& delays = counts_.delays;
    if (delays.empty()) return 0;
    const auto at = delays.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(delays.size() - 1));
    std::nth_element(delays.begin(), at, delays.end());
    return std::chrono::duration<double, std::milli>(*at).count();
  }

  void add(TimePoint now, const Json& line) {
    const std::string id = line.at("id");
    const auto role = line.at("role") == "controlling" ? ice::Role::Controlling : ice::Role::Controlled;
    const auto& client = clients_[id] = std::make_unique<Client>(world_, id, role, now);
    watch(client->fd(), client.get());
    connecting_.insert(client.get());
    say({{"added", id},
         {"ufrag", client->credentials().ufrag},
         {"pwd", client->credentials().pwd},
         {"fingerprint", world_.certificate->fingerprint().value},
         {"port", client->port()}});
  }

  void set_remote(TimePoint now, const Json& line) {
    const auto address = Address::parse(line.at("ip").get<std::string>(), line.at("port"));
    const bool fits =
        address && client(line).set_remote(now, {.credentials = {.ufrag = line.at("ufrag"), .pwd = line.at("pwd")},
                                                 .fingerprint = line.at("fingerprint"),
                                                 .address = *address,
                                                 .payload_type = line.at("payload_type")});
    if (!fits) std::fprintf(stderr, "sfu_load: no such remote: %s\n", line.dump().c_str());
  }

  void add_stream(const Json& line) {
    Client& sender = client(line);
    sender.add_stream({.kind = line.at("kind") == "video" ? Kind::Video : Kind::Audio,
                       .ssrc = line.at("ssrc"),
                       .payload_type = line.at("payload_type"),
                       .audio_level_id = line.at("audio_level_id"),
                       .frames_per_second = line.at("rate"),
                       .packets_per_frame = line.at("packets"),
                       .packet_bytes = line.at("bytes")});
    senders_.push_back(&sender);
  }

  // One after the other within a frame's time, as people's cameras are.
  void start(TimePoint now) {
    for (std::size_t i = 0; i < senders_.size(); ++i) {
      senders_[i]->start(now +
                         Duration(33ms) * static_cast<Duration::rep>(i) / static_cast<Duration::rep>(senders_.size()));
    }
    next_send_ = now;
  }

  void tell_connected() {
    std::erase_if(connecting_, [](Client* client) {
      if (!client->connected()) return false;
      say({{"connected", client->id()}, {"profile", client->profile()}});
      return true;
    });
  }

  Client& client(const Json& line) { return *clients_.at(line.at("id").get<std::string>()); }

  World world_;
  const int epoll_;
  std::map<std::string, std::unique_ptr<Client>> clients_;
  std::set<Client*> connecting_;
  std::vector<Client*> senders_;
  Counts counts_;
  std::string input_;
  bool open_ = true;
  TimePoint timers_{};
  TimePoint next_send_ = TimePoint::max();
};

}  // namespace
}  // namespace conclave::load

int main(int argc, char** argv) {
  const auto bind = conclave::Address::parse(argc == 2 ? argv[1] : "", 0);
  if (!bind || !bind->is_v4()) {
    std::fputs("usage: sfu_load <IPv4 address to bind>\n", stderr);
    return 64;
  }
  conclave::load::Generator(*bind).run();
}
