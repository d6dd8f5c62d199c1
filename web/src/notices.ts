// Short sentences over the meeting, each gone by itself after a while.

export interface Notice {
  id: number;
  text: string;
}

const kNoticeMs = 6_000;
const kMaxNotices = 4;

export class Notices {
  list: Notice[] = [];
  private next = 1;

  constructor(private readonly changed: () => void) {}

  say(text: string): void {
    const id = this.next++;
    this.list = [...this.list.slice(1 - kMaxNotices), { id, text }];
    window.setTimeout(() => {
      this.list = this.list.filter((notice) => notice.id !== id);
      this.changed();
    }, kNoticeMs);
    this.changed();
  }
}
