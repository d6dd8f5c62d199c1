// The bridge channel: JSON messages over a WebSocket, beside the media. It is opened again for as long as the session lives,
// and says its state anew each time.

const kFirstDelayMs = 1_000;
const kLongestDelayMs = 60_000;

export type BridgeMessage = { colibriClass: string } & Record<string, unknown>;

export interface BridgeEvents {
  onOpen(): void;
  onMessage(message: BridgeMessage): void;
}

export class BridgeChannel {
  private socket: WebSocket | null = null;
  private delayMs = kFirstDelayMs;
  private retry = 0;
  private closed = false;

  constructor(private readonly url: string, private readonly events: BridgeEvents) {
    this.open();
  }

  send(message: BridgeMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  close(): void {
    this.closed = true;
    window.clearTimeout(this.retry);
    this.socket?.close(1000);
  }

  private open(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url);
    } catch (error) {
      console.error('bridge channel', error);
      return;
    }
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.delayMs = kFirstDelayMs;
      this.events.onOpen();
    });
    socket.addEventListener('message', ({ data }) => {
      const message = readBridgeMessage(data);
      if (message !== null && !this.closed) this.events.onMessage(message);
    });
    socket.addEventListener('close', () => {
      if (this.closed) return;
      this.retry = window.setTimeout(() => this.open(), this.delayMs);
      this.delayMs = Math.min(this.delayMs * 2, kLongestDelayMs);
    });
  }
}

export function readBridgeMessage(data: unknown): BridgeMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== 'object' || message === null || !('colibriClass' in message)) return null;
    return typeof message.colibriClass === 'string' ? (message as BridgeMessage) : null;
  } catch {
    return null;
  }
}
