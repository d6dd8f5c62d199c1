#include "xmpp/expat_tree.h"

#include <expat.h>

#include <utility>

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

Result<Element, ParseError> element_of(const Name& name, const XML_Char** attributes) {
  if (too_long(name)) return failure(ParseError::TooBig);
  if (unwritable(name) || name.xmlns == kXmlNamespace) return failure(ParseError::NotWellFormed);
  Element element(name.local, name.xmlns.empty() ? kClientNamespace : name.xmlns);
  std::size_t count = 0;
  for (; *attributes != nullptr; attributes += 2) {
    const Name attribute = split(attributes[0]);
    if (++count > kMaxAttributes || too_long(attribute)) return failure(ParseError::TooBig);
    if (unwritable(attribute)) return failure(ParseError::NotWellFormed);
    std::string written;
    if (attribute.xmlns == kXmlNamespace) {
      written = "xml:";
    } else if (!attribute.xmlns.empty()) {
      ((written = '{') += attribute.xmlns) += '}';
    }
    written += attribute.local;
    element.set(written, attributes[1]);
  }
  return element;
}

bool is_white(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

struct ExpatTree::Expat {
  XML_Parser parser = XML_ParserCreateNS("UTF-8", kSeparator);

  Expat() { CONCLAVE_CHECK(parser != nullptr); }
  ~Expat() { XML_ParserFree(parser); }
  Expat(const Expat&) = delete;
  Expat& operator=(const Expat&) = delete;

  static ExpatTree& tree(void* user) { return *static_cast<ExpatTree*>(user); }

  void connect(ExpatTree& to) {
    XML_ParserReset(parser, "UTF-8");
    XML_SetUserData(parser, &to);
    XML_SetElementHandler(
        parser,
        [](void* user, const XML_Char* name, const XML_Char** attributes) { tree(user).start(name, attributes); },
        [](void* user, const XML_Char*) { tree(user).end(); });
    XML_SetCharacterDataHandler(parser, [](void* user, const XML_Char* text, int length) {
      tree(user).text({text, static_cast<std::size_t>(length)});
    });
    XML_SetStartDoctypeDeclHandler(parser, [](void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
      tree(user).refuse(ParseError::Restricted);
    });
    XML_SetProcessingInstructionHandler(
        parser, [](void* user, const XML_Char*, const XML_Char*) { tree(user).refuse(ParseError::Restricted); });
    XML_SetCommentHandler(parser, [](void* user, const XML_Char*) { tree(user).refuse(ParseError::Restricted); });
  }
};

ExpatTree::ExpatTree() : expat_(std::make_unique<Expat>()) {}
ExpatTree::~ExpatTree() = default;

void ExpatTree::begin(Kind kind) {
  kind_ = kind;
  open_.clear();
  texts_.clear();
  header_.reset();
  root_.reset();
  elements_ = 0;
  refused_.reset();
  stream_ended_ = false;
  expat_->connect(*this);
}

std::optional<ParseError> ExpatTree::take(std::string_view bytes, Piece piece) {
  if (refused_) return refused_;
  const XML_Status status = XML_Parse(expat_->parser, bytes.data(), static_cast<int>(bytes.size()),
                                      piece == Piece::Last ? XML_TRUE : XML_FALSE);
  if (refused_ || status == XML_STATUS_OK) return refused_;
  // A reference to an entity that was not declared, which without a DTD is every one but the five.
  const XML_Error error = XML_GetErrorCode(expat_->parser);
  refused_ = error == XML_ERROR_UNDEFINED_ENTITY ? ParseError::Restricted : ParseError::NotWellFormed;
  return refused_;
}

void ExpatTree::refuse(ParseError error) {
  if (!refused_) refused_ = error;
  XML_StopParser(expat_->parser, XML_FALSE);
}

void ExpatTree::start(const char* reported, const char** attributes) {
  ++reports_;
  // expat may still report what it has read after XML_StopParser.
  if (refused_) return;
  const bool is_header = kind_ == Kind::Stream && !header_;
  if (open_.size() >= kMaxDepth || ++elements_ > kMaxElements) return refuse(ParseError::TooBig);
  auto element = element_of(split(reported), attributes);
  if (!element) return refuse(element.error());
  if (is_header) {
    header_ = *std::move(element);
    return;
  }
  open_.push_back(*std::move(element));
  texts_.emplace_back();
}

void ExpatTree::end() {
  ++reports_;
  if (refused_) return;
  if (open_.empty()) {
    stream_ended_ = true;
    return;
  }
  Element element = std::move(open_.back());
  element.set_text(texts_.back());
  open_.pop_back();
  texts_.pop_back();
  if (!open_.empty()) {
    open_.back().add(std::move(element));
    return;
  }
  root_ = std::move(element);
  elements_ = 0;
}

void ExpatTree::text(std::string_view text) {
  ++reports_;
  if (refused_) return;
  if (!texts_.empty()) {
    texts_.back().append(text);
  } else if (!is_white(text)) {
    refuse(ParseError::NotWellFormed);  // between the elements of a stream there is only white space (RFC 6120 §4.6.1)
  }
}

}  // namespace conclave::xmpp
