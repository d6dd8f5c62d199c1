import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { kMaxReasonLength } from '../room/moderation';
import { Dialog } from './dialog';

// Out, with a reason that he is told; or out for as long as the meeting lasts.
export function RemoveDialog({ meeting, nick, onClose }: { meeting: Meeting; nick: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [forGood, setForGood] = useState(false);
  const [name] = useState(() => meeting.nameOf(nick));
  const mayBar = meeting.room?.rights.has('bar') === true;
  const mayKick = meeting.room?.rights.has('kick') === true;
  const send = (event: Event): void => {
    event.preventDefault();
    if (forGood || !mayKick) void meeting.moderating?.bar(nick, reason.trim());
    else void meeting.moderating?.kick(nick, reason.trim());
    onClose();
  };
  return (
    <Dialog title={`Remove ${name}?`} testId="remove" onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <label class="field">
          <span>Reason, shown to {name} (may stay empty)</span>
          <input data-testid="remove-reason" value={reason} maxLength={kMaxReasonLength} autofocus onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        {mayBar && mayKick && (
          <label class="check">
            <input type="checkbox" checked={forGood} data-testid="remove-for-good" onChange={(event) => setForGood(event.currentTarget.checked)} />
            <span>Not in again while this meeting lasts</span>
          </label>
        )}
        <button type="submit" class="primary danger" data-testid="remove-confirm">Remove</button>
      </form>
    </Dialog>
  );
}
