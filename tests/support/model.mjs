// A plain reading of access.md 4.7 for one room: who is let in, as what. It shares nothing with the server; src/room/model_test.cc is its larger sibling
// on virtual time. Roles are as clients see them: "owner/moderator", "member/participant", "none/participant".
const AS = { host: 'owner/moderator', moderator: 'owner/moderator', participant: 'member/participant', guest: 'none/participant' };

export class Model {
  /** policy: {guests, starters, moderators, autoPromote, kicked}. people: name → kind (guest, mod, part, unsaid, other). */
  constructor(policy, people) {
    this.policy = policy;
    this.people = new Map(Object.entries(people).map(([name, kind]) => [name, { name, kind }]));
    this.inside = []; // names, by arrival
  }

  own(who) {
    if (who.kind === 'mod') return 'host';
    if (who.kind === 'unsaid') return this.policy.moderators === 'all' ? 'host' : 'participant';
    return who.kind === 'part' ? 'participant' : 'guest';
  }

  leads = (who) => ['host', 'moderator'].includes(who.role);

  leaderInside() {
    return this.inside.some((name) => this.leads(this.people.get(name)));
  }

  /** What happens when he asks and joins: "refused", "outside" (waits, or is told to log in), or the role that he is seen with. */
  enters(name) {
    const who = this.people.get(name);
    const self = who.granted && this.own(who) !== 'host' ? 'moderator' : this.own(who);
    if (who.kind === 'guest' && this.policy.guests === 'deny') return 'outside';
    if (who.kind === 'other') return 'refused';
    if (who.barred || (who.kicked && this.policy.kicked === 'barred')) return 'refused';
    if (this.inside.length === 0) {
      const starts = self === 'host' || (self === 'participant' && this.policy.starters === 'authenticated') || (self === 'guest' && this.policy.guests === 'create');
      if (!starts) return 'outside';
    }
    who.role = self;
    who.elected = false;
    if (!this.leaderInside() && !this.leads(who) && this.policy.autoPromote === 'anyone') Object.assign(who, { role: 'moderator', elected: true });
    this.inside.push(name);
    if (who.role === 'host') {
      for (const other of this.inside.map((each) => this.people.get(each)).filter((each) => each.elected)) Object.assign(other, { role: this.own(other), elected: false });
    }
    return AS[who.role];
  }

  leaves(name) {
    this.inside = this.inside.filter((each) => each !== name);
    Object.assign(this.people.get(name), { role: undefined, elected: false });
    if (this.inside.length === 0) {
      for (const who of this.people.values()) Object.assign(who, { kicked: false, barred: false, granted: false });
      return;
    }
    if (this.leaderInside() || this.policy.autoPromote !== 'anyone') return;
    const chosen = this.people.get(this.inside[0]);
    Object.assign(chosen, { role: 'moderator', elected: true });
  }

  /** Whether the act (kick, bar, grant, revoke) has an effect. */
  acts(by, what, on) {
    const [actor, target] = [this.people.get(by), this.people.get(on)];
    if (!this.leads(actor)) return false;
    if (what === 'grant') {
      if (target.role === 'host') return true; // is more already
      const hosts = this.own(target) === 'host' && target.role !== 'moderator';
      Object.assign(target, { role: hosts ? 'host' : 'moderator', elected: false, granted: target.granted || !hosts });
      return true;
    }
    if (target.role === 'host' && (what !== 'revoke' || actor.role !== 'host')) return false;
    if (what === 'revoke') {
      if (this.leads(target)) Object.assign(target, { role: target.kind === 'guest' ? 'guest' : 'participant', elected: false, granted: false });
      return true;
    }
    target[what === 'kick' ? 'kicked' : 'barred'] = true;
    target.granted = false;
    this.leaves(on);
    return true;
  }

  seen() {
    return Object.fromEntries(this.inside.map((name) => [name, AS[this.people.get(name).role]]).sort());
  }
}

/** A small generator of its own, so that a printed seed gives the same sequence everywhere (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { pick: (list) => list[Math.floor(next() * list.length)] };
}
