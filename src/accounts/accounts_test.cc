#include "accounts/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "accounts/prosody_import.h"
#include "loop/uv_loop.h"

namespace conclave::accounts {
namespace {

namespace fs = std::filesystem;
using sasl::PasswordFailure;
using sasl::ScramHash;
using testing::ElementsAre;

class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest() : folder_(fs::temp_directory_path() / ("conclave-accounts-" + SystemRandom().hex(12))) {
    fs::create_directories(folder_);
  }
  ~AccountsTest() override { fs::remove_all(folder_); }

  fs::path file() const { return folder_ / "conclave.db"; }
  AccountStore store() const { return *AccountStore::open(file()); }
  std::vector<sasl::ScramKeys> keys(std::string_view password) {
    return {sasl::make_keys(ScramHash::Sha256, password, random_), sasl::make_keys(ScramHash::Sha1, password, random_)};
  }

  fs::path folder_;
  SystemRandom random_;
};

TEST_F(AccountsTest, WhatIsStoredComesBackAndHoldsNoPassword) {
  AccountStore store = this->store();
  const Account alice{.name = "alice", .role = Role::Host, .locked = false, .display_name = "Alice", .mail = "a@x"};
  ASSERT_TRUE(store.add(alice, keys("correct horse")));
  EXPECT_EQ(store.add(alice, keys("another one")).error().kind, StoreError::Kind::Exists);
  const auto found = store.find("alice");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->role, Role::Host);
  EXPECT_EQ((*found)->display_name, "Alice");
  EXPECT_TRUE(sasl::is_password_of(**store.keys("alice", ScramHash::Sha1), "correct horse"));
  EXPECT_FALSE(*store.find("bob"));
  EXPECT_EQ(store.set_locked("bob", true).error().kind, StoreError::Kind::Missing);

  for (const auto& entry : fs::directory_iterator(folder_)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(content.find("correct horse"), std::string::npos) << entry.path();
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(AccountsTest, AFileOfANewerVersionIsRefused) {
  { store(); }
  Database(file()).run("UPDATE schema_version SET version = 99 WHERE part = 'accounts'");
  EXPECT_FALSE(AccountStore::open(file()));
}

TEST_F(AccountsTest, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream(file()) << std::string(5000, 'x');
  EXPECT_FALSE(AccountStore::open(file()));
}

TEST_F(AccountsTest, TheRoleOfAnAccountIsClaimed) {
  EXPECT_EQ(identity_of({.name = "a"}).claimed_role, access::ClaimedRole::Unsaid);
  EXPECT_EQ(identity_of({.name = "a", .role = Role::Host}).claimed_role, access::ClaimedRole::Moderator);
  EXPECT_EQ(identity_of({.name = "a", .role = Role::Participant}).claimed_role, access::ClaimedRole::Participant);
  EXPECT_EQ(identity_of({.name = "a"}).subject, "account:a");
}

// The accounts beside a running loop, as in the server.
class RunningAccountsTest : public AccountsTest {
 protected:
  ~RunningAccountsTest() override {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }
  void run() {
    accounts_ = std::make_unique<Accounts>(loop_, store(), 1);
    accounts_->on_change([this](const Change& change) { changed_.set_value(change); });
    thread_ = std::thread([this] { loop_.run(); });
  }
  Result<access::Identity, PasswordFailure> check(const std::string& name, const std::string& password) {
    std::promise<Result<access::Identity, PasswordFailure>> answer;
    accounts_->check(loop_, name, password, [&](auto result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  sasl::ScramRecord find(const std::string& name, ScramHash hash) {
    std::promise<sasl::ScramRecord> answer;
    accounts_->find(loop_, name, hash, [&](const auto& record) { answer.set_value(record.value()); });
    return answer.get_future().get();
  }

  UvLoop loop_{LoopId{0}};
  std::promise<Change> changed_;
  std::unique_ptr<Accounts> accounts_;
  std::thread thread_;
};

TEST_F(RunningAccountsTest, TellsRightFromWrongAndNobodyFromLocked) {
  ASSERT_TRUE(store().add({.name = "alice"}, keys("correct horse")));
  run();
  EXPECT_EQ(check("Alice", "correct horse")->subject, "account:alice");
  EXPECT_EQ(check("alice", "wrong horse!").error(), PasswordFailure::Wrong);
  EXPECT_EQ(check("nobody", "correct horse").error(), PasswordFailure::Wrong);
  EXPECT_EQ(check("a b", "correct horse").error(), PasswordFailure::Wrong);
  // Another process locks it: the next question knows.
  ASSERT_TRUE(store().set_locked("alice", true));
  EXPECT_EQ(check("alice", "correct horse").error(), PasswordFailure::Locked);
  EXPECT_EQ(check("alice", "wrong horse!").error(), PasswordFailure::Wrong);
  EXPECT_TRUE(find("alice", ScramHash::Sha1).locked);
}

TEST_F(RunningAccountsTest, AChangeOfAnotherProcessIsTold) {
  ASSERT_TRUE(store().add({.name = "alice"}, keys("correct horse")));
  run();
  ASSERT_TRUE(store().set_locked("alice", true));
  const Change change = changed_.get_future().get();
  EXPECT_EQ(change.name, "alice");
  EXPECT_EQ(change.what, Change::What::Locked);
}

TEST_F(RunningAccountsTest, WhoIsNotThereHasKeysThatLookLikeTheOthersAndOpenNothing) {
  ASSERT_TRUE(store().add({.name = "alice"}, keys("correct horse")));
  run();
  const auto alice = find("alice", ScramHash::Sha256);
  const auto nobody = find("nobody", ScramHash::Sha256);
  EXPECT_TRUE(alice.identity);
  EXPECT_FALSE(nobody.identity);
  EXPECT_EQ(sasl::shape_of(alice.keys), sasl::shape_of(nobody.keys));
  EXPECT_EQ(find("nobody", ScramHash::Sha256).keys, nobody.keys);
}

TEST_F(RunningAccountsTest, Sha256IsOfferedOnceNobodyHasSha1Alone) {
  ASSERT_TRUE(store().add({.name = "old"}, {sasl::derive_keys(ScramHash::Sha1, "correct horse", "salt", 4096)}));
  run();
  EXPECT_FALSE(accounts_->offers(ScramHash::Sha256));
  EXPECT_TRUE(accounts_->offers(ScramHash::Sha1));
  ASSERT_TRUE(check("old", "correct horse"));  // by PLAIN: now the password is known
  (void)find("old", ScramHash::Sha1);          // comes behind it on the same thread
  EXPECT_TRUE(accounts_->offers(ScramHash::Sha256));
  EXPECT_TRUE(sasl::is_password_of(find("old", ScramHash::Sha256).keys, "correct horse"));
}

// --- Prosody

TEST(ProsodyImport, TakesClearAndHashedFiles) {
  SeededRandom random(1);
  const auto clear =
      account_from_prosody("Alice", "return {\n\t[\"password\"] = \"correct \\\"horse\\\"\";\n};\n", random);
  ASSERT_TRUE(clear) << clear.error();
  EXPECT_EQ(clear->account.name, "alice");
  ASSERT_EQ(clear->keys.size(), 2u);
  EXPECT_TRUE(sasl::is_password_of(clear->keys[0], "correct \"horse\""));

  // RFC 5802 §5 with its salt as text, as Prosody has it: the keys of "pencil" for the salt "a-salt".
  const auto keys = sasl::derive_keys(ScramHash::Sha1, "pencil", "a-salt", 10'000);
  const auto hex = [](const std::string& bytes) {
    std::string text;
    char pair[3];
    for (const char c : bytes) {
      std::snprintf(pair, sizeof(pair), "%02x", static_cast<unsigned char>(c));
      text += pair;
    }
    return text;
  };
  const std::string file =
      "return {\n\t[\"iteration_count\"] = 10000;\n\t[\"salt\"] = \"a-salt\";\n\t[\"stored_key\"] = \"" +
      hex(keys.stored_key) + "\";\n\t[\"server_key\"] = \"" + hex(keys.server_key) +
      "\";\n\t[\"created\"] = 1700000000.25;\n\t[\"disabled\"] = true;\n};\n";
  const auto hashed = account_from_prosody("bob", file, random);
  ASSERT_TRUE(hashed) << hashed.error();
  EXPECT_THAT(hashed->keys, ElementsAre(keys));
  EXPECT_TRUE(hashed->account.locked);
}

TEST(ProsodyImport, RunsNothingAndTakesNothingElse) {
  SeededRandom random(1);
  for (const char* text :
       {"", "return 1", "return {", "return { password = os.getenv(\"HOME\") }", "os.exit() return {}",
        "return { [\"password\"] = \"a\" .. \"b\" }", "return { password = \"one\", password = \"two\" }",
        "return {} return {}", "return { [\"password\"] = \"open", "return { password = [[long]] }",
        "return { [\"password\"] = \"\" }", "return { -- comment\n }", "return {{{{{{{{{{{{}}}}}}}}}}}}",
        "return { salt = \"x\", stored_key = \"00\", server_key = \"00\", iteration_count = 4096 }",
        "return { salt = \"x\", stored_key = \"zz\", server_key = \"zz\", iteration_count = 4096 }"}) {
    EXPECT_FALSE(account_from_prosody("alice", text, random)) << text;
  }
  EXPECT_FALSE(account_from_prosody("a b", "return { password = \"correct horse\" }", random));
}

TEST_F(AccountsTest, FindsFilesAndDecodesTheirNames) {
  for (const char* path :
       {"prosody/data/meet%2eexample/accounts/al%2eice.dat", "prosody/data/auth%2emeet%2eexample/accounts/jvb.dat",
        "prosody/data/meet%2eexample/roster/alice.dat", "prosody/data/meet%2eexample/accounts/note.txt"}) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << "return {};";
  }
  const auto files = find_prosody_files(folder_);
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ((*files)[1].host, "meet.example");
  EXPECT_EQ((*files)[1].name, "al.ice");
  EXPECT_EQ(decoded_file_name("%zz"), std::nullopt);
  EXPECT_FALSE(find_prosody_files(folder_ / "missing"));
}

}  // namespace
}  // namespace conclave::accounts
