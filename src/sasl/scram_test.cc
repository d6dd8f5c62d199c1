#include "sasl/scram.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/random.h"
#include "sasl/decoy_keys.h"
#include "sasl/plain.h"
#include "sasl/prepare.h"

namespace conclave::sasl {
namespace {

struct Vector {
  ScramHash hash;
  const char* client_first;
  const char* salt;
  const char* server_nonce;
  const char* server_first;
  const char* client_final;
  const char* server_final;
};

// RFC 5802 §5 and RFC 7677 §3; the password is "pencil".
constexpr Vector kVectors[] = {
    {ScramHash::Sha1, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", "QSXCR+Q6sek8bf92", "3rfcNHYJY1ZVvWVs7j",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {ScramHash::Sha256, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "W22ZaJ0SNY7soEsUEjb6gQ==", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
};

ScramExchange challenged(const Vector& vector) {
  auto exchange = ScramExchange::begin(vector.client_first);
  EXPECT_TRUE(exchange);
  const ScramKeys keys = derive_keys(vector.hash, "pencil", *base64_decode(vector.salt), 4096);
  EXPECT_EQ(exchange->challenge(keys, vector.server_nonce), vector.server_first);
  return *exchange;
}

TEST(Scram, TheExamplesOfTheRfcs) {
  for (const Vector& vector : kVectors) {
    const ScramExchange exchange = challenged(vector);
    EXPECT_EQ(exchange.username(), "user");
    const auto server_final = exchange.finish(vector.client_final);
    ASSERT_TRUE(server_final) << mechanism_of(vector.hash);
    EXPECT_EQ(*server_final, vector.server_final);
  }
}

TEST(Scram, AnotherPasswordProvesNothing) {
  for (const Vector& vector : kVectors) {
    auto exchange = ScramExchange::begin(vector.client_first);
    exchange->challenge(derive_keys(vector.hash, "pen", *base64_decode(vector.salt), 4096), vector.server_nonce);
    EXPECT_EQ(exchange->finish(vector.client_final).error(), ScramError::WrongProof);
  }
}

ScramError error_of_first(std::string_view text) {
  const auto exchange = ScramExchange::begin(text);
  EXPECT_FALSE(exchange) << text;
  return exchange ? ScramError::WrongProof : exchange.error();
}

TEST(Scram, ReadsTheFirstMessageStrictly) {
  EXPECT_EQ(ScramExchange::begin("y,a=boss,n=a=2Cb=3Dc,r=x,e=ignored")->username(), "a,b=c");
  EXPECT_EQ(ScramExchange::begin("n,a=boss,n=me,r=x")->authzid(), "boss");
  EXPECT_EQ(error_of_first("p=tls-unique,,n=me,r=x"), ScramError::ChannelBinding);
  EXPECT_EQ(error_of_first("n,,m=must,n=me,r=x"), ScramError::Extension);
  for (const std::string& text :
       {std::string(), std::string("n,,n=me"), std::string("n,,n=,r=x"), std::string("n,,n=me,r="),
        std::string("z,,n=me,r=x"), std::string("n,boss,n=me,r=x"), std::string("n,,r=x,n=me"),
        std::string("n,,n=m=2ce,r=x"), std::string("n,,n=m=,r=x"), std::string("n,,n=me,r=a b"),
        std::string("n,,n=me,r=x,garbage"), std::string("n,,n=me\0x,r=x", 13),
        "n,,n=me,r=" + std::string(kMaxNonceBytes + 1, 'x'), "n,,n=" + std::string(kMaxScramBytes, 'm') + ",r=x"}) {
    EXPECT_EQ(error_of_first(text), ScramError::Malformed) << text;
  }
}

TEST(Scram, ReadsTheFinalMessageStrictly) {
  const ScramExchange exchange = challenged(kVectors[0]);
  const std::string nonce = "fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j";
  const std::string proof = ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
  EXPECT_EQ(exchange.finish("c=eSws,r=" + nonce + proof).error(), ScramError::ChannelBinding);
  EXPECT_EQ(exchange.finish("c=biws,r=" + nonce + "x" + proof).error(), ScramError::WrongNonce);
  EXPECT_EQ(exchange.finish("c=biws,r=fyko+d2lbbFgONRv9qkxdawL" + proof).error(), ScramError::WrongNonce);
  for (const std::string& text :
       {std::string(), "c=biws,r=" + nonce, "c=biws,r=" + nonce + ",p=", "c=biws,r=" + nonce + ",p=AAAA",
        "r=" + nonce + ",c=biws" + proof, "c=biws,r=" + nonce + proof + ",x=y"}) {
    EXPECT_EQ(exchange.finish(text).error(), ScramError::Malformed) << text;
  }
}

TEST(ScramKeys, NewOnesHaveASaltOfTheirOwnAndEnoughIterations) {
  SeededRandom random(1);
  const ScramKeys one = make_keys(ScramHash::Sha256, "correct horse", random);
  const ScramKeys other = make_keys(ScramHash::Sha256, "correct horse", random);
  EXPECT_NE(one.salt, other.salt);
  EXPECT_NE(one.stored_key, other.stored_key);
  EXPECT_GE(one.iterations, 10'000u);
  EXPECT_TRUE(is_password_of(one, "correct horse"));
  EXPECT_FALSE(is_password_of(one, "correct horsf"));
}

TEST(DecoyKeys, OneNameHasOneSaltAndItLooksLikeTheOthers) {
  const DecoyKeys decoys("secret");
  const auto first = decoys.for_name("nobody", ScramHash::Sha256, {});
  EXPECT_EQ(first, decoys.for_name("nobody", ScramHash::Sha256, {}));
  EXPECT_NE(first.salt, decoys.for_name("nobody2", ScramHash::Sha256, {}).salt);
  EXPECT_NE(first.salt, DecoyKeys("another").for_name("nobody", ScramHash::Sha256, {}).salt);
  EXPECT_EQ(first.salt.size(), kSaltBytes);
  EXPECT_EQ(first.iterations, kIterations);
  EXPECT_EQ(first.stored_key.size(), digest_bytes(ScramHash::Sha256));

  const ScramShape imported{.iterations = 4096, .salt_bytes = 36, .salt_is_uuid = true};
  const auto uuid = decoys.for_name("nobody", ScramHash::Sha1, {imported});
  EXPECT_EQ(shape_of(uuid), imported) << uuid.salt;
  EXPECT_EQ(uuid.salt[14], '4');
}

TEST(Plain, HasExactlyTwoNulsANameAndAPassword) {
  const auto parsed = parse_plain(std::string_view("boss\0me\0secret", 14));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->authzid, "boss");
  EXPECT_EQ(parsed->username, "me");
  EXPECT_EQ(parsed->password, "secret");
  EXPECT_TRUE(parse_plain(std::string_view("\0me\0secret", 10)));
  EXPECT_FALSE(parse_plain("me"));
  EXPECT_FALSE(parse_plain(std::string_view("\0me\0", 4)));
  EXPECT_FALSE(parse_plain(std::string_view("\0\0secret", 8)));
  EXPECT_FALSE(parse_plain(std::string_view("\0me\0sec\0ret", 11)));
}

TEST(Prepare, NamesHaveOneForm) {
  EXPECT_EQ(prepare_username("Alice"), "alice");
  EXPECT_EQ(prepare_username("I\xC2\xADX"), "ix");    // RFC 4013 §3: a soft hyphen is nothing
  EXPECT_EQ(prepare_username("\xE2\x85\xA8"), "ix");  // the roman numeral
  EXPECT_EQ(prepare_username("\xC3\x84rger"), "\xC3\xA4rger");
  EXPECT_EQ(prepare_username("A\xCC\x88rger"), "\xC3\xA4rger");
  for (const char* text : {"", "a b", "a@b", "a/b", "a&b", "<a>",
                           "a\x07"
                           "b",
                           "\xFF", "\xC2\xAD", "a\xD8\xA7"}) {
    EXPECT_FALSE(prepare_username(text)) << text;
  }
  EXPECT_FALSE(prepare_username(std::string(kMaxUsernameBytes + 1, 'a')));
}

TEST(Prepare, PasswordsKeepCaseAndBlanks) {
  EXPECT_EQ(prepare_password("Correct Horse"), "Correct Horse");
  EXPECT_EQ(prepare_password("\xE2\x85\xA8"), "IX");
  EXPECT_TRUE(prepare_password("\xF0\x9F\x90\xB4\xF0\x9F\x94\x8B"));  // younger than Unicode 3.2
  EXPECT_FALSE(prepare_password(""));
  EXPECT_FALSE(prepare_password("a\nb"));
  EXPECT_FALSE(prepare_password(std::string(kMaxPasswordBytes + 1, 'a')));
}

}  // namespace
}  // namespace conclave::sasl
