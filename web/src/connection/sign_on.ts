// Single sign-on: the address that sends a person to his organisation and brings him back with a token (`tokenAuthUrl` of the stock client).

export interface Destination {
  room: string;
  tenant: string | null;
}

// `template` may hold {room}, {roomSafe}, {tenant} and {state}; each is put in percent-encoded.
export function signOnAddress(template: string, { room, tenant }: Destination): string {
  const values: Record<string, string> = {
    room,
    roomSafe: room,
    tenant: tenant ?? '',
    state: JSON.stringify({ room, roomSafe: room, tenant: tenant ?? '' }),
  };
  return template.replace(/\{(\w+)\}/g, (written, name: string) => (values[name] === undefined ? written : encodeURIComponent(values[name])));
}
