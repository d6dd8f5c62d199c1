#pragma once
// From a path to what is answered, with the disk: files in their order, a room's page with its includes, the page for
// what does not exist. May block: for workers.
#include <map>
#include <string>
#include <vector>

#include "web/root.h"
#include "web/site_path.h"

namespace conclave::web {

struct Question {
  SitePath path = {};
  std::vector<SharedFile> known = {};  // of path.files, where the cache has them; else null
  std::string config = {};             // /config.js for this tenant
  std::string interface_config = {};   // what is put behind the root's own interface_config.js
  bool shared = false;                 // several may ask it: answered by a file, or by nothing that is put together
  std::map<std::string, std::string, std::less<>> variables = {};
};

struct Found {
  int status = 200;
  SharedFile file = nullptr;  // null with 404: no page says so, or `shared`
  bool made = false;          // put together for this question: not to be kept
};

Found look_for(const Question& question, const Root& root);

}  // namespace conclave::web
