#pragma once
// What sockets counted. Each struct is written by one loop and read by any (metrics).
#include "base/counter.h"
#include "net/transit_times.h"

namespace conclave {

// One per NetLoop.
struct NetCounters {
  Counter connections_accepted;
  Counter connections_refused;  // kMaxConnections reached
  Counter connections_closed;   // counted where the connection died, so summed over the loops
  Counter connections_moved;    // arrived here from another loop
  Counter tls_handshakes_failed;
  Counter timeouts;  // handshake, request head, request body, idle or stalled writing
  Counter http_requests;
  Counter http_bad_requests;      // answered 400, 413, 414, 431 or 501 before any handler saw them
  Counter http_handler_failures;  // a handler threw: 500
  Counter websockets_opened;
  Counter websockets_closed;
  Counter websocket_messages_in;
  Counter websocket_messages_out;
  Counter websocket_protocol_errors;  // closed with 1002, 1003, 1007 or 1009 because of what the peer sent
  Counter websocket_overflows;        // closed because kMaxBufferedBytes of output waited
  Counter websocket_dead;             // closed because nothing came for dead_after
  Counter tcp_overflows;              // other TCP connections, dropped because of too much unsent output
  Counter bytes_in;                   // as on the wire, TLS included
  Counter bytes_out;
};

// One per UdpSocket.
struct UdpCounters {
  Counter datagrams_in;
  Counter bytes_in;
  Counter receive_calls;
  Counter truncated;  // longer than kMaxDatagramBytes, thrown away
  Counter datagrams_out;
  Counter bytes_out;
  Counter send_calls;
  Counter messages_out;   // of sendmmsg: fewer than datagrams_out by what segmentation saves
  Counter send_blocked;   // times the kernel's buffer was full
  Counter dropped_full;   // more than kMaxQueued waited
  Counter dropped_error;  // refused by the kernel (unreachable, not permitted), or too long to send
  TransitTimes transit;   // of what was sent while datagrams that had come were looked at
};

}  // namespace conclave
