// Command line → settings → Server → run. No logic.
#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

#include "base/log.h"
#include "ops/admin_client.h"
#include "ops/arguments.h"
#include "ops/config_error.h"
#include "ops/run_command.h"
#include "server/server.h"

namespace {

using namespace conclave;

WallTime wall_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void print_start(const ops::Settings& settings, const server::Server& server) {
  for (const std::string& line : ops::start_lines(settings, server.public_url(), wall_now())) std::cout << line << "\n";
  const server::Server::Ports ports = server.ports();
  std::cout << "Stop with Ctrl-C.\n\nlistening http=" << ports.http << " https=" << ports.https
            << " udp=" << ports.media_first;
  if (ports.media_last != ports.media_first) std::cout << "-" << ports.media_last;
  if (ports.xmpp != 0) std::cout << " xmpp=" << ports.xmpp;
  if (ports.media_tcp != 0) std::cout << " media-tcp=" << ports.media_tcp;
  std::cout << std::endl;
}

int serve(const ops::CommandLine& line) {
  // Blocked before any thread is made, so that only sigwait below sees them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGINT);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  ops::Settings settings = ops::load_settings(line);
  ops::complete_secrets(settings);
  log::set_level(settings.log_level);
  server::Server server(settings);
  server.start();
  print_start(settings, server);
  int signal = 0;
  while (sigwait(&stop_signals, &signal) == 0 && signal == SIGHUP) server.reload_later();
  std::cout << "stopping" << std::endl;
  server.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ops::Arguments arguments;
  CLI::App app{"Conclave: a video-meeting server that knows who may do what in which room, and says why."};
  app.set_version_flag("--version", std::string("conclave ") + CONCLAVE_VERSION);
  ops::describe_commands(app, arguments);
  try {
    app.parse(argc, argv);
    if (arguments.command == ops::Command::Serve) return serve(arguments.line);
    return ops::run_command(arguments, std::cin, std::cout, std::cerr, wall_now());
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : ops::kExitUsage;
  } catch (const ops::ConfigError& error) {
    std::cerr << "conclave: " << error.what() << "\n";
    return ops::kExitConfig;
  } catch (const std::exception& error) {
    std::cerr << "conclave: " << error.what() << "\n";
    return 1;
  }
}
