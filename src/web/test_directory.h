#pragma once
// A directory with files for a test, gone afterwards.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace conclave::web {

class TestDirectory {
 public:
  TestDirectory() : path_(std::filesystem::path(testing::TempDir()) / "conclave-web-XXXXXX") {
    std::string name = path_.string();
    path_ = ::mkdtemp(name.data());
  }
  ~TestDirectory() { std::filesystem::remove_all(path_); }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  std::string str() const { return path_.string(); }
  std::filesystem::path at(const std::string& name) const { return path_ / name; }
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(at(name).parent_path());
    std::ofstream(at(name), std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace conclave::web
