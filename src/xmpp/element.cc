#include "xmpp/element.h"

#include <algorithm>

#include "base/markup.h"

namespace conclave::xmpp {

void append_escaped(std::string& out, std::string_view text) {
  conclave::append_escaped(out, text);
}

namespace {

auto find_attribute(auto& attributes, std::string_view name) {
  return std::find_if(attributes.begin(), attributes.end(), [&](const auto& a) { return a.first == name; });
}

template <class Elements>
auto* find_child(Elements& children, std::string_view name, std::string_view xmlns) {
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const Element& e) { return e.is(name, xmlns); });
  return found == children.end() ? nullptr : &*found;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"";
  append_escaped(out, value);
  out += '"';
}

}  // namespace

std::string_view Element::attribute(std::string_view name) const {
  const auto found = find_attribute(attributes_, name);
  return found == attributes_.end() ? std::string_view{} : std::string_view(found->second);
}

bool Element::has_attribute(std::string_view name) const {
  return find_attribute(attributes_, name) != attributes_.end();
}

Element& Element::set(std::string_view name, std::string_view value) {
  const auto found = find_attribute(attributes_, name);
  if (found == attributes_.end()) {
    attributes_.emplace_back(name, value);
  } else {
    found->second = value;
  }
  return *this;
}

Element& Element::remove_attribute(std::string_view name) {
  const auto found = find_attribute(attributes_, name);
  if (found != attributes_.end()) attributes_.erase(found);
  return *this;
}

Element& Element::set_text(std::string_view text) {
  text_ = text;
  return *this;
}

const Element* Element::child(std::string_view name) const {
  const auto found =
      std::find_if(children_.begin(), children_.end(), [&](const Element& e) { return e.name() == name; });
  return found == children_.end() ? nullptr : &*found;
}

const Element* Element::child(std::string_view name, std::string_view xmlns) const {
  return find_child(children_, name, xmlns);
}
Element* Element::child(std::string_view name, std::string_view xmlns) {
  return find_child(children_, name, xmlns);
}

std::string_view Element::child_text(std::string_view name) const {
  const Element* found = child(name);
  return found == nullptr ? std::string_view{} : std::string_view(found->text());
}

Element& Element::add(Element child) {
  children_.push_back(std::move(child));
  return children_.back();
}

Element& Element::add(std::string_view name, std::string_view xmlns) {
  return add(Element(name, xmlns));
}

std::size_t Element::remove_children(std::string_view name, std::string_view xmlns) {
  return std::erase_if(children_, [&](const Element& e) { return e.is(name, xmlns); });
}

std::string Element::str(std::string_view parent_xmlns) const {
  std::string out;
  out.reserve(size_estimate());
  write(out, parent_xmlns);
  return out;
}

std::size_t Element::size_estimate() const {
  std::size_t size = name_.size() + escaped_size(text_) + 3;  // "<a/>" at least
  if (xmlns_ != kClientNamespace) size += xmlns_.size() + 9;
  for (const auto& [name, value] : attributes_) size += name.size() + escaped_size(value) + 4;
  for (const Element& child : children_) size += child.size_estimate();
  return size;
}

void Element::write(std::string& out, std::string_view parent_xmlns) const {
  out += '<';
  out += name_;
  if (xmlns_ != kClientNamespace || parent_xmlns != kClientNamespace) append_attribute(out, "xmlns", xmlns_);
  std::size_t prefixes = 0;
  for (const auto& [name, value] : attributes_) {
    const std::size_t brace = name.starts_with('{') ? name.rfind('}') : std::string::npos;
    if (brace == std::string::npos) {
      append_attribute(out, name, value);
    } else {
      const std::string prefix = "a" + std::to_string(prefixes++);
      append_attribute(out, "xmlns:" + prefix, std::string_view(name).substr(1, brace - 1));
      append_attribute(out, prefix + ':' + name.substr(brace + 1), value);
    }
  }
  if (text_.empty() && children_.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  append_escaped(out, text_);
  for (const Element& child : children_) child.write(out, xmlns_);
  out += "</";
  out += name_;
  out += '>';
}

}  // namespace conclave::xmpp
