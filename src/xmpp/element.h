#pragma once
// An XML element as a value: name, namespace, attributes, text, children. Copies are deep.
//
// Written form: every element outside jabber:client carries its own literal, unprefixed xmlns, also where it could
// inherit it, because stock clients select by attribute and never resolve inheritance (docs/protocol.md). An element in
// jabber:client carries xmlns only at the root or below a parent of another namespace.
//
// An attribute of a namespace is named "{namespace}local", except for "xml:lang" and its like; it is written with a
// prefix of its own.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conclave::xmpp {

inline constexpr std::string_view kClientNamespace = "jabber:client";
inline constexpr std::string_view kStanzasNamespace = "urn:ietf:params:xml:ns:xmpp-stanzas";

// Character data for an element or a quoted attribute. Characters that XML 1.0 cannot carry are left out.
void append_escaped(std::string& out, std::string_view text);

class Element {
 public:
  using Attribute = std::pair<std::string, std::string>;

  explicit Element(std::string_view name, std::string_view xmlns = kClientNamespace) : name_(name), xmlns_(xmlns) {}

  const std::string& name() const { return name_; }
  const std::string& xmlns() const { return xmlns_; }
  bool is(std::string_view name, std::string_view xmlns) const { return name_ == name && xmlns_ == xmlns; }

  // Empty when absent; `has` tells the difference.
  std::string_view attribute(std::string_view name) const;
  bool has_attribute(std::string_view name) const;
  const std::vector<Attribute>& attributes() const { return attributes_; }
  Element& set(std::string_view name, std::string_view value);  // replaces
  Element& remove_attribute(std::string_view name);

  // All character data directly inside this element, joined.
  const std::string& text() const { return text_; }
  Element& set_text(std::string_view text);

  const std::vector<Element>& children() const { return children_; }
  std::vector<Element>& children() { return children_; }
  // The first child of that name (and namespace); null if there is none.
  const Element* child(std::string_view name) const;
  const Element* child(std::string_view name, std::string_view xmlns) const;
  Element* child(std::string_view name, std::string_view xmlns);
  // Text of the first child of that name; empty if there is none.
  std::string_view child_text(std::string_view name) const;
  // Appends and returns the child, so that calls can be chained.
  Element& add(Element child);
  Element& add(std::string_view name, std::string_view xmlns);
  std::size_t remove_children(std::string_view name, std::string_view xmlns);

  // As one self-contained document (no <?xml?> header); `parent_xmlns` is what the surroundings already declare.
  std::string str(std::string_view parent_xmlns = {}) const;
  // Bytes that str() would take at least; for limits.
  std::size_t size_estimate() const;

 private:
  void write(std::string& out, std::string_view parent_xmlns) const;

  std::string name_;
  std::string xmlns_;
  std::string text_;
  std::vector<Attribute> attributes_;
  std::vector<Element> children_;
};

}  // namespace conclave::xmpp
