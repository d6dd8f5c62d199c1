#include "ldap/wire_deadline.h"

#include <lber.h>
#include <ldap.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace conclave::ldap {

using Clock = std::chrono::steady_clock;

struct WireDeadline::Layer {
  // Whether the socket became ready in time; errno says why not.
  bool wait(Sockbuf_IO_Desc* desc, short events) const {
    ber_socket_t socket = -1;
    if (ber_sockbuf_ctrl(desc->sbiod_sb, LBER_SB_OPT_GET_FD, &socket) != 1) return false;
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      pollfd wanted{.fd = socket, .events = events, .revents = 0};
      const int ready = left <= 0 ? 0 : ::poll(&wanted, 1, static_cast<int>(left));
      if (ready > 0) return true;
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) errno = ETIMEDOUT;  // not EAGAIN: TLS would try again at once
      return false;
    }
  }

  static Layer& of(Sockbuf_IO_Desc* desc) { return *static_cast<Layer*>(desc->sbiod_pvt); }
  static int setup(Sockbuf_IO_Desc* desc, void* layer) {
    desc->sbiod_pvt = layer;
    return 0;
  }
  static int remove(Sockbuf_IO_Desc* desc) {
    desc->sbiod_pvt = nullptr;
    return 0;
  }
  static int control(Sockbuf_IO_Desc* desc, int option, void* argument) {
    return LBER_SBIOD_CTRL_NEXT(desc, option, argument);
  }
  static ber_slen_t read(Sockbuf_IO_Desc* desc, void* buffer, ber_len_t size) {
    return of(desc).wait(desc, POLLIN) ? LBER_SBIOD_READ_NEXT(desc, buffer, size) : -1;
  }
  static ber_slen_t write(Sockbuf_IO_Desc* desc, void* buffer, ber_len_t size) {
    return of(desc).wait(desc, POLLOUT) ? LBER_SBIOD_WRITE_NEXT(desc, buffer, size) : -1;
  }
  static int close(Sockbuf_IO_Desc*) { return 0; }

  // After connect(), before TLS.
  static int connected(LDAP*, Sockbuf* socket, LDAPURLDesc*, sockaddr*, ldap_conncb* callback) {
    static Sockbuf_IO io{.sbi_setup = setup,
                         .sbi_remove = remove,
                         .sbi_ctrl = control,
                         .sbi_read = read,
                         .sbi_write = write,
                         .sbi_close = close};
    constexpr int kAboveTheSocket = LBER_SBIOD_LEVEL_PROVIDER + 1;
    return ber_sockbuf_add_io(socket, &io, kAboveTheSocket, callback->lc_arg);
  }
  static void closing(LDAP*, Sockbuf*, ldap_conncb*) {}

  Clock::time_point until{};
  ldap_conncb callback{.lc_add = connected, .lc_del = closing, .lc_arg = this};
};

WireDeadline::WireDeadline() : layer_(std::make_unique<Layer>()) {}
WireDeadline::~WireDeadline() = default;

bool WireDeadline::attach(struct ldap* handle) {
  return ldap_set_option(handle, LDAP_OPT_CONNECT_CB, &layer_->callback) == LDAP_OPT_SUCCESS;
}

void WireDeadline::set(std::chrono::milliseconds time) {
  layer_->until = Clock::now() + time;
}

}  // namespace conclave::ldap
