#pragma once
// Asks every station for a value and hands all of them to one function on loop 0. Messages only: nobody waits.
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "server/station.h"

namespace conclave::server {

// `ask(Station&) -> T` runs on each station's loop, `done(std::vector<T>)` on loop 0, in the order of the stations.
// Called on loop 0.
template <class T, class Ask, class Done>
void gather(Common& common, Ask ask, Done done) {
  struct State {
    State(std::size_t count, Done&& finish) : values(count), missing(count), done(std::move(finish)) {}
    std::vector<T> values;
    std::size_t missing;
    Done done;
  };
  // Touched on loop 0 only; the messages carry it there and back.
  auto state = std::make_shared<State>(common.stations.size(), std::move(done));
  Station& front = *common.stations.front();
  for (std::size_t i = 0; i < common.stations.size(); ++i) {
    Station& station = *common.stations[i];
    station.run([&station, &front, state, i, ask] {
      front.run([state, i, value = ask(station)]() mutable {
        state->values[i] = std::move(value);
        if (--state->missing == 0) state->done(std::move(state->values));
      });
    });
  }
}

}  // namespace conclave::server
