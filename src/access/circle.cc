#include "access/circle.h"

#include "access/decision.h"

namespace conclave::access {
namespace {

Circle by_role(Capability capability) {
  if (capabilities_of(Role::Guest).has(capability)) return Circle::Everybody;
  return capabilities_of(Role::Moderator).has(capability) ? Circle::Moderators : Circle::Nobody;
}

}  // namespace

std::string_view text(Circle circle) {
  switch (circle) {
    case Circle::Everybody:
      return "everybody";
    case Circle::Moderators:
      return "moderators";
    case Circle::Owners:
      return "owners";
    case Circle::Nobody:
      return "nobody";
  }
  return "nobody";
}

Circle circle_of(Capability capability, const Policy& policy, const RoomDefinition* definition) {
  if (policy.disabled.has(capability)) return Circle::Nobody;
  const bool records = capability == Capability::Record || capability == Capability::Stream;
  if (records && definition && definition->recorders == Recorders::Owners) return Circle::Owners;
  if (records && definition && definition->recorders == Recorders::Nobody) return Circle::Nobody;
  return by_role(capability);
}

}  // namespace conclave::access
