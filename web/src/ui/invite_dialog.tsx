import { useEffect, useRef, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { guestLink, personalLink, type Invitation, type InvitedRole } from '../room/invitation';
import { kMaxNameLength } from '../room/occupant';
import { Dialog } from './dialog';

const lifetimes = [[3_600, 'one hour'], [24 * 3_600, 'one day'], [7 * 24 * 3_600, 'one week']] as const;

// The link for everybody, which is an address and no key; and, for those who may, a link for one person, which is one.
export function InviteDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const { room, tenant } = meeting.page;
  return (
    <Dialog title="Invite people" testId="invite" onClose={onClose}>
      <div class="stack">
        <Link label="Link for guests" link={guestLink(location.origin, tenant, room ?? '')} testId="guest-link"
          hint="Anybody may have this link: it lets nobody in who could not come in without it." />
        {meeting.room?.rights.has('invite') === true && <PersonalLink meeting={meeting} />}
      </div>
    </Dialog>
  );
}

function PersonalLink({ meeting }: { meeting: Meeting }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<InvitedRole>('participant');
  const [seconds, setSeconds] = useState<number>(lifetimes[1][0]);
  const [made, setMade] = useState<Invitation | null>(null);
  const [problem, setProblem] = useState('');
  // A moderator's link makes a host of this room, so it takes a host to give one (the server decides).
  const mayInviteModerators = meeting.room?.standing === 'host' && meeting.room.rights.has('grant');
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '') return setProblem('Type the name of the person first.');
    const answer = (await meeting.moderating?.invite({ name: name.trim(), role, seconds })) ?? 'You are no longer in the meeting.';
    setMade(typeof answer === 'string' ? null : answer);
    setProblem(typeof answer === 'string' ? answer : '');
  };
  return (
    <form class="setting stack" onSubmit={(event) => void send(event)}>
      <h3>Link for one person</h3>
      <p class="quiet">Whoever has it comes in under this name and role, and into this meeting only. Send it to nobody else.</p>
      <label class="field"><span>Name</span>
        <input value={name} maxLength={kMaxNameLength} autocomplete="off" data-testid="invite-name" onInput={(event) => { setName(event.currentTarget.value); setMade(null); }} /></label>
      <div class="row">
        <label class="field"><span>Role</span>
          <select value={role} data-testid="invite-role" onChange={(event) => { setRole(event.currentTarget.value as InvitedRole); setMade(null); }}>
            <option value="participant">Participant</option>
            {mayInviteModerators && <option value="moderator">Moderator</option>}
          </select></label>
        <label class="field"><span>Good for</span>
          <select value={seconds} data-testid="invite-lifetime" onChange={(event) => { setSeconds(Number(event.currentTarget.value)); setMade(null); }}>
            {lifetimes.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
          </select></label>
      </div>
      {problem !== '' && <p class="problem" role="alert" data-testid="invite-problem">{problem}</p>}
      <button type="submit" class="quiet-button" data-testid="invite-make">Make the link</button>
      {made !== null &&
        <Link label={`Link for ${made.name}`} link={personalLink(location.origin, meeting.page.tenant, meeting.page.room ?? '', made.token)} testId="personal-link"
          hint={`Good until ${made.expires.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}.`} />}
    </form>
  );
}

function Link({ label, link, hint, testId }: { label: string; link: string; hint: string; testId: string }) {
  const [copied, setCopied] = useState('');
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.scrollIntoView({ block: 'nearest' }), [link]); // a new one may be below the fold
  const copy = async (input: HTMLInputElement | null): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setCopied('Copied.');
    } catch {
      input?.select(); // the clipboard is closed to this page: the person copies it by hand
      setCopied('Press Ctrl+C to copy it.');
    }
  };
  let field: HTMLInputElement | null = null;
  return (
    <div class="setting" ref={element}>
      <div class="row end">
        <label class="field"><span>{label}</span>
          <input readOnly value={link} ref={(input) => { field = input; }} data-testid={testId} onFocus={(event) => event.currentTarget.select()} /></label>
        <button type="button" class="quiet-button" data-testid={`${testId}-copy`} onClick={() => void copy(field)}>Copy</button>
      </div>
      <p class="quiet">{hint} <span role="status">{copied}</span></p>
    </div>
  );
}
