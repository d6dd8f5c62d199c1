#pragma once
// The whole decision table for the policy in force: every kind of person against every state of a room (access.md 4.7),
// each cell decided by access::decide_entry. Pure; any thread.
#include <string>
#include <vector>

#include "access/decide.h"

namespace conclave::ops {

struct MatrixCell {
  access::Decision decision;
  std::string text;  // "start, host", "wait", "refuse ended"
};
struct MatrixRow {
  std::string person;
  std::vector<MatrixCell> cells;  // as many as there are columns
};
struct Matrix {
  std::string room;
  std::vector<std::string> columns;
  std::vector<MatrixRow> rows;
};

// For `room`, since patterns may give it a policy of its own. Only kinds of credentials that the policy looks at have
// rows.
Matrix matrix_of(const access::RoomName& room, const access::Policy& policy, WallTime now);

std::string as_text(const Matrix& matrix);
std::string as_json(const Matrix& matrix);

}  // namespace conclave::ops
