import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import type { Knocker, Knockers } from '../room/knockers';
import { LobbyTalk } from './waiting_screens';

// Who asks to join, for those who may decide it.
export function LobbyPanel({ meeting }: { meeting: Meeting }) {
  const { knockers } = meeting;
  if (knockers === null || knockers.list.size === 0) return null;
  const list = [...knockers.list.values()];
  return (
    <section class="lobby" aria-label="Asking to join" data-testid="lobby">
      <h3>{list.length === 1 ? 'One person asks to join' : `${list.length} people ask to join`}</h3>
      <ul>
        {list.map((knocker) => <KnockerRow key={knocker.nick} meeting={meeting} knockers={knockers} knocker={knocker} />)}
      </ul>
      {list.length > 1 && <button type="button" class="quiet-button" data-testid="admit-all" onClick={() => knockers.admitAll()}>Let everybody in</button>}
    </section>
  );
}

function KnockerRow({ meeting, knockers, knocker }: { meeting: Meeting; knockers: Knockers; knocker: Knocker }) {
  const [talking, setTalking] = useState(false);
  const { name, nick } = knocker;
  const refuse = (): void => {
    knockers.refuse(nick).catch(() => meeting.notice(`${name} could not be refused: the server did not allow it.`));
  };
  return (
    <li class="knocker" data-testid="knocker" data-name={name}>
      <span class="person-name">{name}</span>
      <div class="acts">
        <button type="button" class="accept" data-testid="admit" onClick={() => knockers.admit([nick])} aria-label={`Let ${name} in`}>Let in</button>
        <button type="button" class="danger-text" data-testid="refuse" onClick={refuse} aria-label={`Do not let ${name} in`}>Refuse</button>
        <button type="button" data-testid="lobby-chat-open" aria-expanded={talking} onClick={() => setTalking(!talking)} aria-label={`Write to ${name}`}>Write</button>
      </div>
      {(talking || knocker.messages.length > 0) && <LobbyTalk messages={knocker.messages} other={name} onSay={(text) => knockers.say(nick, text)} />}
    </li>
  );
}

// Over the meeting, as long as somebody asks and the list of people is closed.
export function KnockBanner({ meeting, onShow }: { meeting: Meeting; onShow: () => void }) {
  const { knockers } = meeting;
  const list = [...(knockers?.list.values() ?? [])];
  const first = list[0];
  if (knockers === null || first === undefined) return null;
  return (
    <div class="knock-banner" role="status" data-testid="knock-banner">
      <span>{list.length === 1 ? `${first.name} asks to join.` : `${first.name} and ${list.length - 1} more ask to join.`}</span>
      {list.length === 1 && <button type="button" class="accept" data-testid="banner-admit" onClick={() => knockers.admit([first.nick])}>Let in</button>}
      <button type="button" data-testid="banner-show" onClick={onShow}>Show</button>
    </div>
  );
}
