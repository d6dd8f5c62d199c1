#pragma once
// Result<T, E>: what a function returns when a peer or the network may be the cause of its failure (never an exception).
// Stands in for std::expected, which g++ 12 has only with -std=c++23; the names are the standard's, so that it can go.
#include <tl/expected.hpp>
#include <utility>

namespace conclave {

template <class T, class E>
using Result = tl::expected<T, E>;

template <class E>
tl::unexpected<std::decay_t<E>> failure(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace conclave
