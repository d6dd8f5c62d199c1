#include "xmpp/parser.h"

#include <expat.h>

#include <optional>
#include <vector>

#include "base/check.h"

namespace conclave::xmpp {
namespace {

// Between namespace and local name in what expat reports. No XML document can contain it, so no name can forge it.
constexpr char kSeparator = '\x01';
constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

struct Name {
  std::string_view xmlns;
  std::string_view local;
};

Name split(const XML_Char* reported) {
  const std::string_view text(reported);
  const std::size_t at = text.find(kSeparator);
  if (at == std::string_view::npos) return {{}, text};
  return {text.substr(0, at), text.substr(at + 1)};
}

// Names that Namespaces in XML 1.0 forbids but expat lets through ("a:b:c", <xml:a/>). Written out again they would be
// errors for who reads them: one client could break the streams of a whole room.
bool unwritable(const Name& name) {
  return name.local.find(':') != std::string_view::npos;
}

bool too_long(const Name& name) {
  return name.local.size() > kMaxNameBytes || name.xmlns.size() > kMaxNamespaceBytes;
}

}  // namespace

std::string_view condition(ParseError error) {
  switch (error) {
    case ParseError::NotWellFormed:
      return "not-well-formed";
    case ParseError::Restricted:
      return "restricted-xml";
    case ParseError::TooBig:
      return "policy-violation";
  }
  return "not-well-formed";
}

struct Parser::Tree {
  XML_Parser expat = XML_ParserCreateNS("UTF-8", kSeparator);
  std::vector<Element> open;
  std::vector<std::string> texts;  // of the open elements
  std::optional<Element> root;
  std::size_t elements = 0;
  std::optional<ParseError> refused;

  Tree() { CONCLAVE_CHECK(expat != nullptr); }
  ~Tree() { XML_ParserFree(expat); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  static Tree& of(void* user) { return *static_cast<Tree*>(user); }

  void refuse(ParseError error) {
    if (!refused) refused = error;
    XML_StopParser(expat, XML_FALSE);
  }

  void start(const XML_Char* reported, const XML_Char** attributes) {
    // expat may still report what it has read after XML_StopParser.
    if (refused) return;
    const Name name = split(reported);
    if (open.size() >= kMaxDepth || ++elements > kMaxElements || too_long(name)) return refuse(ParseError::TooBig);
    if (unwritable(name) || name.xmlns == kXmlNamespace) return refuse(ParseError::NotWellFormed);
    Element element(name.local, name.xmlns.empty() ? kClientNamespace : name.xmlns);
    std::size_t count = 0;
    for (; *attributes != nullptr; attributes += 2) {
      const Name attribute = split(attributes[0]);
      if (++count > kMaxAttributes || too_long(attribute)) return refuse(ParseError::TooBig);
      if (unwritable(attribute)) return refuse(ParseError::NotWellFormed);
      std::string written;
      if (attribute.xmlns == kXmlNamespace) {
        written = "xml:";
      } else if (!attribute.xmlns.empty()) {
        ((written = '{') += attribute.xmlns) += '}';
      }
      written += attribute.local;
      element.set(written, attributes[1]);
    }
    open.push_back(std::move(element));
    texts.emplace_back();
  }

  void end() {
    if (refused || open.empty()) return;
    Element element = std::move(open.back());
    element.set_text(texts.back());
    open.pop_back();
    texts.pop_back();
    if (open.empty()) {
      root = std::move(element);
    } else {
      open.back().add(std::move(element));
    }
  }

  void prepare() {
    open.clear();
    texts.clear();
    root.reset();
    elements = 0;
    refused.reset();
    XML_SetUserData(expat, this);
    XML_SetElementHandler(
        expat, [](void* user, const XML_Char* name, const XML_Char** attributes) { of(user).start(name, attributes); },
        [](void* user, const XML_Char*) { of(user).end(); });
    XML_SetCharacterDataHandler(expat, [](void* user, const XML_Char* text, int length) {
      if (!of(user).texts.empty()) of(user).texts.back().append(text, static_cast<std::size_t>(length));
    });
    XML_SetStartDoctypeDeclHandler(expat, [](void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
      of(user).refuse(ParseError::Restricted);
    });
    XML_SetProcessingInstructionHandler(
        expat, [](void* user, const XML_Char*, const XML_Char*) { of(user).refuse(ParseError::Restricted); });
    XML_SetCommentHandler(expat, [](void* user, const XML_Char*) { of(user).refuse(ParseError::Restricted); });
  }
};

Parser::Parser() : tree_(std::make_unique<Tree>()) {}
Parser::~Parser() = default;

Result<Element, ParseError> Parser::parse(std::string_view document) {
  if (document.size() > kMaxFrameBytes) return failure(ParseError::TooBig);
  Tree& tree = *tree_;
  XML_ParserReset(tree.expat, "UTF-8");
  tree.prepare();
  const XML_Status status = XML_Parse(tree.expat, document.data(), static_cast<int>(document.size()), XML_TRUE);
  if (tree.refused) return failure(*tree.refused);
  if (status != XML_STATUS_OK) {
    // A reference to an entity that was not declared, which without a DTD is every one but the five.
    const XML_Error error = XML_GetErrorCode(tree.expat);
    return failure(error == XML_ERROR_UNDEFINED_ENTITY ? ParseError::Restricted : ParseError::NotWellFormed);
  }
  if (!tree.root) return failure(ParseError::NotWellFormed);
  return std::move(*tree.root);
}

Result<Element, ParseError> parse(std::string_view document) {
  return Parser().parse(document);
}

}  // namespace conclave::xmpp
