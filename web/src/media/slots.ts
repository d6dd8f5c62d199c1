// The m-lines of the session, in order. The first of each kind is where we send microphone and camera and where the
// bridge's own source lives; it stays. Each remote source has one of its own, and so has a screen that we share. A source
// that goes leaves a rejected m-line, which the next source of the same kind takes over under a new mid (RFC 8829 §5.2.2).

import { bridgeOwner, type Kind, type Source } from './source';

export interface Slot {
  mid: string;
  kind: Kind;
  // Seen from the bridge, which makes the offer.
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'rejected';
  source: Source | null;
  // A rejected m-line may be taken over only once both sides have agreed that it is rejected.
  reusable: boolean;
}

export const kMaxSlots = 400;

export class Slots {
  readonly all: Slot[] = [];
  private nextMid = 0;

  constructor(kinds: Kind[], sources: Source[]) {
    for (const kind of kinds) {
      const own = sources.find((source) => source.owner === bridgeOwner && source.kind === kind) ?? null;
      this.all.push({ mid: this.takeMid(), kind, direction: 'sendrecv', source: own, reusable: false });
    }
    this.add(sources);
  }

  // The m-line on which we send our first source of that kind.
  first(kind: Kind): Slot | undefined {
    return this.all.find((slot) => slot.kind === kind && slot.direction === 'sendrecv');
  }

  bySource(name: string): Slot | undefined {
    return this.all.find((slot) => slot.source?.name === name);
  }

  byMid(mid: string | null): Slot | undefined {
    return this.all.find((slot) => slot.mid === mid);
  }

  add(sources: Source[]): void {
    for (const source of sources) {
      if (source.owner === bridgeOwner || this.first(source.kind) === undefined) continue;
      const known = this.bySource(source.name);
      if (known !== undefined && sameSsrcs(known.source, source)) continue;
      if (known !== undefined) this.reject(known);
      this.open(source.kind, 'sendonly', source);
    }
  }

  addLocal(kind: Kind): Slot | undefined {
    return this.open(kind, 'recvonly', null);
  }

  // The focus matches sources by SSRC alone, and so do we. Answers the names of those that are gone.
  remove(sources: Source[]): string[] {
    const gone = new Set(sources.flatMap((source) => source.ssrcs));
    return this.removeWhere((source) => source.ssrcs.some((ssrc) => gone.has(ssrc)));
  }

  removeOwner(owner: string): string[] {
    return this.removeWhere((source) => source.owner === owner);
  }

  // To be called after each round of offer and answer.
  settle(): void {
    for (const slot of this.all) slot.reusable = slot.direction === 'rejected';
  }

  private removeWhere(matches: (source: Source) => boolean): string[] {
    const names: string[] = [];
    for (const slot of this.all) {
      if (slot.direction !== 'sendonly' || slot.source === null || !matches(slot.source)) continue;
      names.push(slot.source.name);
      this.reject(slot);
    }
    return names;
  }

  private open(kind: Kind, direction: 'sendonly' | 'recvonly', source: Source | null): Slot | undefined {
    const slot: Slot = { mid: this.takeMid(), kind, direction, source, reusable: false };
    const free = this.all.findIndex((each) => each.reusable && each.kind === kind);
    if (free >= 0) this.all[free] = slot;
    else if (this.all.length < kMaxSlots) this.all.push(slot);
    else return undefined;
    return slot;
  }

  private reject(slot: Slot): void {
    slot.direction = 'rejected';
    slot.source = null;
  }

  private takeMid(): string {
    return String(this.nextMid++);
  }
}

function sameSsrcs(known: Source | null, next: Source): boolean {
  return known !== null && known.ssrcs.length === next.ssrcs.length && next.ssrcs.every((ssrc) => known.ssrcs.includes(ssrc));
}
