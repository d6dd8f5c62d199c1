// The one form in which a room's name is compared: URL, query parameter and JID all start from it.

const dropped = /[:?#[\]@!$&'()*+,;=></"]/g;

export function normaliseRoom(written: string): string {
  let name = written;
  try {
    name = decodeURIComponent(written);
  } catch {
    // A stray percent sign is part of the name then.
  }
  return name.normalize('NFKC').toLowerCase().replace(dropped, '').trim();
}

export function normaliseTenant(written: string): string {
  return normaliseRoom(written).replaceAll('.', '_');
}

// The local part of the room's JID. Jitsi percent-encodes it and lower-cases the escapes too.
export function roomNode(name: string): string {
  return encodeURIComponent(name).toLowerCase();
}
