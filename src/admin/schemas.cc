#include "admin/schemas.h"

namespace conclave::admin {
namespace {

constexpr const char* kSchemas = R"json({
  "Problem": {
    "type": "object", "required": ["error", "remedy"],
    "properties": {
      "error": {"type": "string", "description": "What is wrong"},
      "remedy": {"type": "string", "description": "What to do next"}
    }
  },
  "Done": {"type": "object", "required": ["done"], "properties": {"done": {"type": "boolean"}}},
  "Document": {"type": "object", "required": ["openapi", "paths"],
               "properties": {"openapi": {"type": "string"}, "paths": {"type": "object"}}},
  "Reason": {
    "type": "object", "required": ["slug", "rule", "claim", "setting", "sentence"],
    "properties": {
      "slug": {"type": "string", "description": "Stable; the same in log, metrics, audit log and on the wire"},
      "rule": {"type": "string"},
      "claim": {"type": "string", "description": "The claim that decided, or empty"},
      "setting": {"type": "string", "description": "The setting that decided, or empty"},
      "sentence": {"type": "string", "description": "For a person"}
    }
  },
  "Occupant": {
    "type": "object", "required": ["nick", "name", "role", "kind", "subject", "reason"],
    "properties": {
      "nick": {"type": "string"},
      "name": {"type": "string", "description": "What he is shown as"},
      "role": {"type": "string", "enum": ["none", "visitor", "guest", "participant", "moderator", "host", "service"]},
      "kind": {"type": "string", "enum": ["guest", "token", "password", "ldap", "service"]},
      "subject": {"type": "string", "description": "Stable key of the person; can be revoked"},
      "reason": {"$ref": "#/components/schemas/Reason"}
    }
  },
  "Room": {
    "type": "object", "required": ["name", "state", "meeting_id", "waiting", "occupants"],
    "properties": {
      "name": {"type": "string"},
      "state": {"type": "string", "enum": ["absent", "waiting", "open", "held", "ended"]},
      "meeting_id": {"type": "string"},
      "created": {"type": "integer", "description": "Seconds since 1970"},
      "waiting": {"type": "integer"},
      "occupants": {"type": "array", "items": {"$ref": "#/components/schemas/Occupant"}}
    }
  },
  "RoomList": {
    "type": "object", "required": ["rooms", "waiting_for", "waiting"],
    "properties": {
      "rooms": {"type": "array", "items": {"$ref": "#/components/schemas/Room"}},
      "waiting_for": {
        "type": "array",
        "items": {"type": "object", "required": ["name", "waiting"],
                  "properties": {"name": {"type": "string"}, "waiting": {"type": "integer"}}}
      },
      "waiting": {"type": "integer", "description": "People who wait, of all rooms"}
    }
  },
  "Traffic": {
    "type": "object", "required": ["bps", "packets_per_second", "packets", "bytes"],
    "description": "SRTP; the rates are of about the last second",
    "properties": {"bps": {"type": "integer"}, "packets_per_second": {"type": "integer"},
                   "packets": {"type": "integer"}, "bytes": {"type": "integer"}}
  },
  "Encoding": {
    "type": "object", "required": ["ssrc", "packets", "loss", "jitter_ms", "active", "bps", "height"],
    "properties": {
      "ssrc": {"type": "integer"},
      "packets": {"type": "integer"},
      "loss": {"type": "number", "description": "Share of the last half second that did not come, before retransmission"},
      "jitter_ms": {"type": "number", "description": "RFC 3550 6.4.1"},
      "active": {"type": "boolean"},
      "bps": {"type": "integer", "description": "Of video"},
      "height": {"type": "integer", "description": "Of video, as last told; 0: not known"}
    }
  },
  "SentSource": {
    "type": "object", "required": ["source", "target", "current", "max_height", "limited", "packets"],
    "description": "A source of another as this endpoint gets it",
    "properties": {
      "source": {"type": "string"},
      "target": {"type": "integer", "description": "The encoding that it is to get, from 0; -1: none"},
      "current": {"type": "integer", "description": "The one that it gets: behind the target until a key frame comes"},
      "max_height": {"type": "integer", "description": "That it wants; -1: any, 0: not at all"},
      "limited": {"type": "string", "enum": ["by sender", "by constraint", "by estimate"], "description": "Why not more"},
      "packets": {"type": "integer"}
    }
  },
  "EndpointMedia": {
    "type": "object",
    "required": ["id", "transport", "address", "active", "channel", "round_trip_ms", "estimated_downlink_bps", "loss", "in", "out",
                 "remembered_ssrcs", "sources", "receives"],
    "properties": {
      "id": {"type": "string", "description": "The nick"},
      "transport": {"type": "string", "enum": ["new", "ice connected", "dtls", "connected", "failed", "abandoned"]},
      "address": {"type": ["string", "null"], "description": "Where its media comes from"},
      "active": {"type": "boolean", "description": "It was heard lately"},
      "channel": {"type": "boolean", "description": "Its bridge channel is open"},
      "round_trip_ms": {"type": ["number", "null"]},
      "estimated_downlink_bps": {"type": ["integer", "null"], "description": "What its network is believed to carry of video"},
      "loss": {"type": "number", "description": "Share of what it is sent that its last report says is lost"},
      "in": {"$ref": "#/components/schemas/Traffic"},
      "out": {"$ref": "#/components/schemas/Traffic"},
      "remembered_ssrcs": {"type": "integer"},
      "sources": {
        "type": "array",
        "items": {"type": "object", "required": ["name", "kind", "enabled", "muted_by_moderator", "encodings"],
                  "properties": {"name": {"type": "string"}, "kind": {"type": "string", "enum": ["audio", "video"]},
                                 "enabled": {"type": "boolean"}, "muted_by_moderator": {"type": "boolean"},
                                 "encodings": {"type": "array", "items": {"$ref": "#/components/schemas/Encoding"}}}}
      },
      "receives": {"type": "array", "items": {"$ref": "#/components/schemas/SentSource"}}
    }
  },
  "RoomMedia": {
    "type": "object", "required": ["endpoints"],
    "properties": {"endpoints": {"type": "array", "items": {"$ref": "#/components/schemas/EndpointMedia"}}}
  },
  "Removal": {
    "type": "object", "additionalProperties": false,
    "properties": {"reason": {"type": "string", "maxLength": 1024, "description": "Shown to everybody in the room"}}
  },
  "Question": {
    "type": "object", "required": ["room"], "additionalProperties": false,
    "properties": {
      "room": {"type": "string", "minLength": 1, "maxLength": 1024, "description": "As in its link: name, or tenant/name"},
      "token": {"type": "string", "minLength": 1, "maxLength": 16384, "description": "The person's token; it is judged, not kept"},
      "account": {"type": "string", "minLength": 1, "maxLength": 256, "description": "Name of a local account, or in the directory"}
    }
  },
  "Explanation": {
    "type": "object", "required": ["room", "state", "identity", "outcome", "role", "reason", "rules"],
    "properties": {
      "room": {"type": "string"},
      "state": {"type": "string", "enum": ["absent", "waiting", "open", "held", "ended"]},
      "identity": {"type": "string", "description": "Kind of the identity; none if the credential is refused"},
      "subject": {"type": "string"},
      "outcome": {"type": "string"},
      "role": {"type": "string"},
      "starts_room": {"type": "boolean"},
      "reason": {"$ref": "#/components/schemas/Reason"},
      "capabilities": {"type": "array", "items": {"type": "string"}},
      "rules": {"type": "array", "items": {"type": "object", "required": ["rule", "verdict", "note"],
                "properties": {"rule": {"type": "string"}, "verdict": {"type": "string"}, "note": {"type": "string"}}}},
      "sasl": {"type": "object", "properties": {"condition": {"type": "string"}, "text": {"type": "string"}}}
    }
  },
  "RevokeOrder": {
    "type": "object", "additionalProperties": false,
    "description": "Exactly one of jti, token, token_hash, subject, account, key_id, ticket",
    "properties": {
      "jti": {"type": "string", "minLength": 1, "maxLength": 1024},
      "token": {"type": "string", "minLength": 1, "maxLength": 16384, "description": "Only its hash is kept"},
      "token_hash": {"type": "string", "minLength": 64, "maxLength": 64, "description": "SHA-256, hexadecimal"},
      "subject": {"type": "string", "minLength": 1, "maxLength": 1024},
      "account": {"type": "string", "minLength": 1, "maxLength": 1024},
      "key_id": {"type": "string", "minLength": 1, "maxLength": 1024},
      "ticket": {"type": "string", "minLength": 1, "maxLength": 256},
      "issuer": {"type": "string", "maxLength": 1024, "description": "With jti or key_id: of that issuer only"},
      "issued_before": {"type": "integer", "minimum": 0, "maximum": 253402300799, "description": "Seconds since 1970: what was issued later counts"},
      "until": {"type": "integer", "minimum": 0, "maximum": 253402300799, "description": "Seconds since 1970: by then it has expired anyway"},
      "note": {"type": "string", "maxLength": 256}
    }
  },
  "Revocation": {
    "type": "object", "required": ["id", "kind", "value", "issuer", "issued_before", "until", "made", "note"],
    "properties": {
      "id": {"type": "string"},
      "kind": {"type": "string", "enum": ["jti", "token_hash", "subject", "account", "key_id", "ticket", "giver"]},
      "value": {"type": "string"},
      "issuer": {"type": "string"},
      "issued_before": {"type": ["integer", "null"]},
      "until": {"type": ["integer", "null"]},
      "made": {"type": "integer"},
      "note": {"type": "string"}
    }
  },
  "RevocationList": {
    "type": "object", "required": ["revocations"],
    "properties": {"revocations": {"type": "array", "items": {"$ref": "#/components/schemas/Revocation"}}}
  },
  "RoomDefinition": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "owners": {"type": "array", "maxItems": 100, "items": {"type": "string", "minLength": 1, "maxLength": 1024},
                 "description": "Subjects who are hosts here, as account:alice"},
      "password": {"type": "string", "maxLength": 256, "description": "In force from the first second"},
      "lobby": {"type": "string", "enum": ["off", "guests", "all"], "description": "From the first second; missing: as the policy says"},
      "capacity": {"type": "integer", "minimum": 1, "maximum": 100000},
      "not_before": {"type": "integer", "minimum": 0, "maximum": 253402300799, "description": "Seconds since 1970: until then people wait"},
      "expires": {"type": "integer", "minimum": 0, "maximum": 253402300799, "description": "Seconds since 1970: then the meeting ends, and nobody enters"},
      "record": {"type": "string", "enum": ["moderators", "owners", "nobody"], "description": "Who may record and stream"}
    }
  },
  "Definition": {
    "type": "object",
    "required": ["name", "owners", "has_password", "lobby", "capacity", "not_before", "expires", "record", "defined_by"],
    "properties": {
      "name": {"type": "string"},
      "owners": {"type": "array", "items": {"type": "string"}},
      "has_password": {"type": "boolean", "description": "The password itself is in no answer"},
      "lobby": {"type": ["string", "null"]},
      "capacity": {"type": ["integer", "null"]},
      "not_before": {"type": ["integer", "null"]},
      "expires": {"type": ["integer", "null"]},
      "record": {"type": "string", "enum": ["moderators", "owners", "nobody"]},
      "defined_by": {"type": "string", "enum": ["settings", "api"], "description": "What the settings define is changed there"}
    }
  },
  "DefinitionList": {
    "type": "object", "required": ["definitions"],
    "properties": {"definitions": {"type": "array", "items": {"$ref": "#/components/schemas/Definition"}}}
  },
  "ReloadOrder": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "inside": {"type": "string", "enum": ["keep", "anew"],
                 "description": "Those inside: as they are until the next decision, or decided anew now; missing: as CONCLAVE_AT_RELOAD says"}
    }
  },
  "Reloaded": {
    "type": "object", "required": ["reloaded", "policy", "changed", "needs_restart"],
    "properties": {
      "reloaded": {"type": "boolean"},
      "policy": {"type": "array", "items": {"type": "string"}},
      "changed": {"type": "array", "items": {"type": "string"}, "description": "Settings that are in force now, by name"},
      "needs_restart": {"type": "array", "items": {"type": "string"}, "description": "Settings that count after a restart"}
    }
  },
  "Health": {
    "type": "object", "required": ["status", "troubles"],
    "properties": {
      "status": {"type": "string", "enum": ["ok", "degraded"]},
      "troubles": {"type": "array", "items": {"type": "string"}}
    }
  },
  "Status": {
    "type": "object",
    "required": ["version", "started", "policy", "notices", "rooms", "occupants", "waiting", "sessions", "revocations", "audit", "troubles"],
    "properties": {
      "version": {"type": "string"},
      "started": {"type": "integer"},
      "policy": {"type": "array", "items": {"type": "string"}},
      "notices": {"type": "array", "items": {"type": "string"}},
      "rooms": {"type": "integer"},
      "occupants": {"type": "integer"},
      "waiting": {"type": "integer"},
      "sessions": {"type": "integer"},
      "revocations": {"type": "integer"},
      "audit": {
        "type": "object", "required": ["file", "written", "lost"],
        "properties": {"file": {"type": ["string", "null"]}, "written": {"type": "integer"}, "lost": {"type": "integer"}}
      },
      "troubles": {"type": "array", "items": {"type": "string"}}
    }
  },
  "AuditQuery": {
    "type": "object", "additionalProperties": false,
    "properties": {"limit": {"type": "integer", "minimum": 1, "maximum": 1000}}
  },
  "AuditTail": {
    "type": "object", "required": ["entries"],
    "properties": {
      "entries": {"type": "array", "items": {"type": "object", "required": ["time", "act"],
                  "properties": {"time": {"type": "string"}, "act": {"type": "string"}}}}
    }
  }
})json";

}  // namespace

const nlohmann::ordered_json& schemas() {
  static const nlohmann::ordered_json parsed = nlohmann::ordered_json::parse(kSchemas);
  return parsed;
}

}  // namespace conclave::admin
