#pragma once
// What the settings say about attached services: where they meet, which accounts they have. A value.
#include <string>

#include "base/time.h"

namespace conclave::service {

inline constexpr int kMaxRetries = 100;

struct Options {
  std::string brewery_domain;      // host of the rooms where services say how they are
  std::string hidden_domain = {};  // host of the accounts of recorder and transcriber: clients do not show who is of it
  std::string jibri_brewery = "jibribrewery";
  std::string sip_jibri_brewery = {};  // empty: no recorder makes SIP calls
  std::string jigasi_brewery = "jigasibrewery";

  // access::Identity::subject of each account; empty: it has no password, so nobody is it.
  std::string jibri = {};        // a recorder's control connection
  std::string recorder = {};     // its browser, in the meeting
  std::string jigasi = {};       // a gateway's control connection, and its legs in meetings
  std::string transcriber = {};  // in the meeting

  Duration pending_timeout = 90s;  // a recorder that was asked has to record by then
  int retries = 5;                 // others that are asked when one fails
};

}  // namespace conclave::service
