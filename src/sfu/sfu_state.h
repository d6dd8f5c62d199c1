#pragma once
#include <memory>

#include "sfu/context.h"
#include "sfu/sfu.h"

namespace conclave::sfu {

struct Sfu::State {
  State(Loop& loop, DatagramPort& port, const dtls::Certificate& certificate, Random& random, SfuOptions with);

  const SfuOptions options;
  const std::unique_ptr<srtp::Library> own_srtp;  // if none was given
  Context context;
};

}  // namespace conclave::sfu
