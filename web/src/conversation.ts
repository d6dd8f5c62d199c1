// What was written in a meeting, as far as we remember it: over a reconnection too, until we join anew.

import { kMaxMessagesKept, type ChatMessage } from './room/chat';
import type { Room } from './room/room';

export class Conversation {
  messages: ChatMessage[] = [];

  constructor(private readonly changed: () => void) {}

  say(room: Room, text: string, to: string | null): void {
    const own = room.say(text, to);
    if (own !== null) this.keep(own);
  }

  keep(message: ChatMessage): void {
    this.messages = [...this.messages.slice(1 - kMaxMessagesKept), message];
    this.changed();
  }

  forget(): void {
    this.messages = [];
  }
}
