import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { kMaxMessageLength, type ChatMessage } from '../room/chat';
import { Icon } from './icons';

export function ChatPanel({ meeting, recipient, onRecipient, onClose }: {
  meeting: Meeting;
  recipient: string | null;
  onRecipient: (nick: string | null) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => input.current?.focus(), [recipient]);
  useLayoutEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [meeting.conversation.messages.length]);
  const to = recipient !== null && meeting.room?.occupants.has(recipient) === true ? recipient : null;
  const send = (event: Event): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    meeting.stay?.say(text.trim(), to);
    setText('');
  };
  return (
    <aside class="panel" aria-label="Chat">
      <header><h2>Chat</h2><button type="button" class="plain" aria-label="Close chat" onClick={onClose}><Icon name="close" /></button></header>
      <div class="messages" ref={list} role="log" aria-live="polite" aria-label="Messages" tabIndex={0}>
        {meeting.conversation.messages.length === 0 && <p class="quiet empty">No messages yet. What you write here, everybody in the meeting can read.</p>}
        {meeting.conversation.messages.map((message) => <Message key={message.id} meeting={meeting} message={message} />)}
      </div>
      <form class="compose" onSubmit={send}>
        <label class="recipient">
          <span>To</span>
          <select value={to ?? ''} data-testid="chat-recipient" onChange={(event) => onRecipient(event.currentTarget.value || null)}>
            <option value="">everybody</option>
            {[...(meeting.room?.occupants.keys() ?? [])].map((nick) => <option key={nick} value={nick}>{meeting.nameOf(nick)} (privately)</option>)}
          </select>
        </label>
        <div class="compose-row">
          <textarea ref={input} data-testid="chat-input" aria-label="Your message" rows={2} maxLength={kMaxMessageLength} value={text} placeholder="Write a message"
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event); }} />
          <button type="submit" class="round on" aria-label="Send" title="Send" data-testid="chat-send"><Icon name="send" /></button>
        </div>
      </form>
    </aside>
  );
}

function Message({ meeting, message }: { meeting: Meeting; message: ChatMessage }) {
  const own = message.from === meeting.nick;
  const sender = own ? 'You' : meeting.room?.occupants.has(message.from) === true ? meeting.nameOf(message.from) : message.name ?? 'Somebody who left';
  const privately = message.isPrivate && (own ? ` to ${meeting.nameOf(message.to ?? '')}, privately` : ' to you, privately');
  return (
    <article class={`message ${own ? 'own' : ''} ${message.isPrivate ? 'private' : ''}`} data-testid="chat-message" data-from={message.from}>
      <p class="message-head"><b>{message.from === '' ? 'Server' : sender}</b>{privately}<time>{message.at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time></p>
      <p class="message-text">{message.text}</p>
    </article>
  );
}
