#include "web/site.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "loop/uv_loop.h"
#include "web/test_directory.h"

namespace conclave::web {
namespace {

// On a running loop: files are read by workers of the site's own.
class SiteTest : public testing::Test {
 protected:
  SiteTest() : thread_([this] { loop_.run(); }) {
    files_.write("index.html", "<script><!--#include virtual=\"/config.js\" --></script>");
    files_.write("libs/app.js", "let a;");
    files_.write("static/404.html", "<!--# echo var=\"request_uri\" -->");
    on_loop([this] {
      site_ = std::make_unique<Site>(loop_, SiteOptions{.directory = files_.str()}, [this](std::string_view tenant) {
        ++configs_;
        return "var config = '" + std::string(tenant) + "';";
      });
    });
  }
  ~SiteTest() override {
    on_loop([this] { site_.reset(); });
    loop_.stop();
    thread_.join();
  }

  template <class Work>
  void on_loop(Work work) {
    std::promise<void> done;
    loop_.post([&] {
      work();
      done.set_value();
    });
    done.get_future().get();
  }
  // The answers to requests of one turn.
  std::vector<HttpResponse> ask(const std::vector<std::string>& targets, const std::string& method = "GET") {
    std::vector<std::promise<HttpResponse>> answers(targets.size());
    on_loop([&] {
      for (std::size_t i = 0; i < targets.size(); ++i) {
        HttpRequest request;
        request.method = method;
        request.target = targets[i];
        request.path = targets[i].substr(0, targets[i].find('?'));
        site_->serve(request, [&answers, i](HttpResponse response) { answers[i].set_value(std::move(response)); });
      }
    });
    std::vector<HttpResponse> responses;
    for (auto& answer : answers) responses.push_back(answer.get_future().get());
    return responses;
  }

  TestDirectory files_;
  UvLoop loop_{LoopId{0}};
  int configs_ = 0;
  std::unique_ptr<Site> site_;
  std::thread thread_;
};

TEST_F(SiteTest, WhoAsksForAFileAtTheSameTimeSharesOneReading) {
  const auto answers = ask({"/libs/app.js", "/libs/app.js?x=1"});
  EXPECT_EQ(answers[0].content(), "let a;");
  EXPECT_EQ(answers[0].shared.owner, answers[1].shared.owner);
  EXPECT_EQ(ask({"/libs/app.js"})[0].shared.owner, answers[0].shared.owner) << "and it is kept in memory";
  EXPECT_EQ(configs_, 0) << "a file needs no settings";
}

TEST_F(SiteTest, APageIsMadeForItsTenant) {
  const auto answers = ask({"/acme/board", "/board"});
  EXPECT_EQ(answers[0].content(), "<script>var config = 'acme';</script>");
  EXPECT_EQ(answers[1].content(), "<script>var config = '';</script>");
}

TEST_F(SiteTest, A15_ThePageForWhatIsMissingIsMadeForEach) {
  const auto answers = ask({"/libs/none.js?jwt=one", "/libs/none.js?jwt=two"});
  for (const HttpResponse& answer : answers) EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answers[0].content(), "/libs/none.js?jwt=one");
  EXPECT_EQ(answers[1].content(), "/libs/none.js?jwt=two");
}

TEST_F(SiteTest, AFileThatIsGoneIsMissing) {
  EXPECT_EQ(ask({"/libs/none.js"})[0].status, 404);
  files_.write("libs/none.js", "here now");
  EXPECT_EQ(ask({"/libs/none.js"})[0].content(), "here now") << "what was missing is not remembered";
}

TEST_F(SiteTest, OtherMethodsAreToldSoAtOnce) {
  EXPECT_EQ(ask({"/libs/app.js"}, "POST")[0].status, 405);
  EXPECT_EQ(configs_, 0);
}

TEST_F(SiteTest, NobodyIsAnsweredAfterItsEnd) {
  auto answered = std::make_shared<bool>(false);
  on_loop([&] {
    HttpRequest request;
    request.method = "GET";
    request.path = request.target = "/libs/app.js";
    site_->serve(request, [answered](const HttpResponse&) { *answered = true; });
    site_.reset();
  });
  on_loop([] {});
  EXPECT_FALSE(*answered);
}

}  // namespace
}  // namespace conclave::web
