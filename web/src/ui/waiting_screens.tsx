// In front of a meeting that one may not enter yet: it has no host, or somebody must let one in.

import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import type { LobbyMessage } from '../room/lobby_chat';
import { Identity, LoginOffer } from './login_dialog';

export function Waiting({ meeting }: { meeting: Meeting }) {
  const { account } = meeting;
  return (
    <main class="centred">
      <section class="card narrow" data-testid="waiting">
        <span class="spinner" aria-hidden="true" />
        <h1>You are waiting outside</h1>
        <p data-testid="waiting-text" role="status" aria-live="polite">{meeting.sentence}</p>
        {account.identity === null && <p class="quiet">{account.offered ? 'Are you the host? Log in to start the meeting.' : 'If you are the host, open the invitation link that you were sent for hosts.'}</p>}
        <LoginOffer account={account} prominent />
        <Identity account={account} />
        <button type="button" class="quiet-button" data-testid="stop-waiting" onClick={() => meeting.backToPrejoin()}>Stop waiting</button>
      </section>
    </main>
  );
}

export function Knocking({ meeting }: { meeting: Meeting }) {
  const lobby = meeting.lobby;
  return (
    <main class="centred">
      <section class="card narrow" data-testid="knocking">
        <span class="spinner" aria-hidden="true" />
        <h1>Asking to join {meeting.page.room}</h1>
        <p>As <b data-testid="knocking-name">{meeting.name.trim() || 'a guest without a name'}</b></p>
        <p data-testid="knocking-text" role="status" aria-live="polite">{meeting.sentence}</p>
        {lobby !== null && lobby.messages.length > 0 && <LobbyTalk messages={lobby.messages} other="A moderator" onSay={(text) => lobby.say(text)} />}
        <LoginOffer account={meeting.account} />
        <Identity account={meeting.account} />
        <button type="button" class="quiet-button" data-testid="stop-waiting" onClick={() => meeting.backToPrejoin()}>Stop asking</button>
      </section>
    </main>
  );
}

export function LobbyTalk({ messages, other, onSay }: { messages: readonly LobbyMessage[]; other: string; onSay: (text: string) => void }) {
  const [text, setText] = useState('');
  const send = (event: Event): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    onSay(text.trim());
    setText('');
  };
  return (
    <form class="lobby-talk" onSubmit={send}>
      <div role="log" aria-live="polite" aria-label={`Talk with ${other}`}>
        {messages.map((message) => (
          <p key={message.id} class={message.own ? 'own' : ''} data-testid="lobby-message"><b>{message.own ? 'You' : other}:</b> {message.text}</p>
        ))}
      </div>
      <div class="row">
        <input aria-label={`Write to ${other}`} placeholder="Write a message" maxLength={500} value={text} data-testid="lobby-chat-input" onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" class="quiet-button" data-testid="lobby-chat-send">Send</button>
      </div>
    </form>
  );
}
