#pragma once
// A real slapd for unit tests: its own folder, port and certificate, people alice, bob and carol, a group of hosts.
// Stopped by its process id. tests/support/slapd.mjs is the same for scenarios.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace conclave::ldap {

// A listening socket on a free port of loopback. Whoever connects is never answered: a directory that hangs.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, plain, size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, plain, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& scheme = "ldap") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/";
  }

 private:
  int socket_;
  int port_ = 0;
};

inline int free_port() {
  return SilentServer().port();
}

class TestSlapd {
 public:
  static constexpr const char* kBase = "dc=example,dc=org";

  TestSlapd() : folder_(std::filesystem::temp_directory_path() / ("conclave-slapd-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "db");
    make_certificate();
    write("slapd.conf", configuration());
    write("people.ldif", people());
    run({"/usr/sbin/slapadd", "-f", file("slapd.conf"), "-l", file("people.ldif")});
    start();
  }
  ~TestSlapd() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  TestSlapd(const TestSlapd&) = delete;
  TestSlapd& operator=(const TestSlapd&) = delete;

  void start() {
    port_ = port_ == 0 ? free_port() : port_;
    tls_port_ = tls_port_ == 0 ? free_port() : tls_port_;
    // In the foreground (-d 0), so that it ends with us.
    pid_ =
        spawn({"/usr/sbin/slapd", "-d", "0", "-f", file("slapd.conf"), "-h",
               "ldap://127.0.0.1:" + std::to_string(port_) + "/ ldaps://127.0.0.1:" + std::to_string(tls_port_) + "/"});
    wait_until_listening();
  }
  void stop() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  // The certificate is for 127.0.0.1 only, not for "localhost".
  std::string url(const std::string& host = "127.0.0.1") const {
    return "ldap://" + host + ":" + std::to_string(port_);
  }
  std::string tls_url(const std::string& host = "127.0.0.1") const {
    return "ldaps://" + host + ":" + std::to_string(tls_port_);
  }
  std::string ca_file() const { return file("cert.pem"); }
  std::string file(const std::string& name) const { return folder_ / name; }

 private:
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  // It signs itself, so that it is its own CA file.
  void make_certificate() const {
    run({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
         "2", "-subj", "/CN=slapd.test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file("key.pem"), "-out",
         file("cert.pem")});
  }

  std::string configuration() const {
    return "include /etc/ldap/schema/core.schema\n"
           "include /etc/ldap/schema/cosine.schema\n"
           "include /etc/ldap/schema/inetorgperson.schema\n"
           "include /etc/ldap/schema/nis.schema\n"
           "modulepath /usr/lib/ldap\n"
           "moduleload back_mdb\n"
           "moduleload memberof\n"
           "pidfile " +
           file("pid") +
           "\n"
           "TLSCertificateFile " +
           file("cert.pem") +
           "\n"
           "TLSCertificateKeyFile " +
           file("key.pem") +
           "\n"
           "TLSCACertificateFile " +
           file("cert.pem") +
           "\n"
           // Real servers say yes to an empty password and make the bind anonymous.
           "allow bind_anon_cred bind_anon_dn\n"
           "referral ldap://127.0.0.1:1/\n"
           "database mdb\n"
           "suffix \"dc=example,dc=org\"\n"
           "rootdn \"cn=admin,dc=example,dc=org\"\n"
           "rootpw admin-password\n"
           "directory " +
           file("db") +
           "\n"
           "overlay memberof\n"
           "access to attrs=userPassword by anonymous auth by * none\n"
           "access to * by * read\n";
  }

  static std::string person(const std::string& uid, const std::string& name, const std::string& more = "") {
    return "dn: uid=" + uid + ",ou=People,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: " + uid +
           "\ncn: " + name + "\nsn: " + name + "\nmail: " + uid + "@example.org\nuserPassword: " + uid + "-password\n" +
           more + "\n";
  }

  static std::string people() {
    return "dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n"
           "dn: ou=People,dc=example,dc=org\nobjectClass: organizationalUnit\nou: People\n\n"
           "dn: ou=Groups,dc=example,dc=org\nobjectClass: organizationalUnit\nou: Groups\n\n" +
           person("alice", "Alice Liddell") + person("bob", "Bob Baker", "displayName: Bob the Host\ntitle: Chief\n") +
           person("carol", "Carol Clerk") + person("dave", "Dave", "mail: bob@elsewhere.example\n") +
           person("twin1", "Twin", "employeeType: twin\n") + person("twin2", "Twin", "employeeType: twin\n") +
           "dn: cn=hosts,ou=Groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: hosts\n"
           "member: uid=bob,ou=People,dc=example,dc=org\n\n"
           "dn: cn=unique,ou=Groups,dc=example,dc=org\nobjectClass: groupOfUniqueNames\ncn: unique\n"
           "uniqueMember: uid=carol,ou=People,dc=example,dc=org\n\n"
           "dn: cn=posix,ou=Groups,dc=example,dc=org\nobjectClass: posixGroup\ncn: posix\ngidNumber: 7\n"
           "memberUid: bob\n\n"
           "dn: ou=Elsewhere,dc=example,dc=org\nobjectClass: referral\nobjectClass: extensibleObject\nou: Elsewhere\n"
           "ref: ldap://127.0.0.1:1/ou=Elsewhere,dc=example,dc=org\n";
  }

  static pid_t spawn(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, arguments[0], nullptr, nullptr, arguments.data(), environ), 0) << words[0];
    return pid;
  }
  static void run(const std::vector<std::string>& words) {
    int status = 0;
    ::waitpid(spawn(words), &status, 0);
    EXPECT_EQ(status, 0) << words[0];
  }

  void wait_until_listening() const {
    for (int tries = 0; tries < 400; ++tries) {
      const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(tls_port_));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const bool up = ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
      ::close(probe);
      if (up) return;
      ::poll(nullptr, 0, 25);
    }
    FAIL() << "slapd does not listen";
  }

  std::filesystem::path folder_;
  int port_ = 0;
  int tls_port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace conclave::ldap
