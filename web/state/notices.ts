import { signal, type ReadonlySignal } from '@preact/signals';

export interface Notice {
  id: number;
  text: string;
  tone: 'info' | 'problem';
  /** One thing to do about it; mostly "Undo": a button afterwards instead of a question beforehand. */
  action?: { name: string; run: () => void } | undefined;
  /** How long it stays by itself; Infinity: until it is closed. */
  seconds: number;
  /** What it speaks of: a newer notice about the same takes its place, whose way back would lead to the wrong past. */
  about?: string | undefined;
}

export interface NoticeOptions {
  tone?: Notice['tone'];
  undo?: () => void;
  action?: Notice['action'];
  about?: string;
}

const KEPT = 3;
const SECONDS = 10;
const SECONDS_TO_UNDO = 30;

/** Short messages at the edge of the page. They never block and never take the focus. */
export class Notices {
  private readonly list = signal<Notice[]>([]);
  private readonly spoken = signal('');
  private nextId = 1;

  get shown(): ReadonlySignal<Notice[]> {
    return this.list;
  }
  /** Text for the polite live region: progress and results for those who listen. */
  get announcement(): ReadonlySignal<string> {
    return this.spoken;
  }

  show(text: string, options: NoticeOptions = {}): void {
    const action = options.undo ? { name: 'Undo', run: options.undo } : options.action;
    const tone = options.tone ?? 'info';
    const seconds = options.undo ? SECONDS_TO_UNDO : options.action || tone === 'problem' ? Infinity : SECONDS;
    const notice: Notice = { id: this.nextId, text, tone, action, seconds, about: options.about };
    this.nextId += 1;
    const others = this.list.value.filter(({ about }) => about === undefined || about !== options.about);
    this.list.value = [...others, notice].slice(-KEPT);
  }

  dismiss(id: number): void {
    this.list.value = this.list.value.filter((notice) => notice.id !== id);
  }

  /** What it spoke of is over. */
  dismissAbout(about: string): void {
    this.list.value = this.list.value.filter((notice) => notice.about !== about);
  }

  act(id: number): void {
    const notice = this.list.value.find((one) => one.id === id);
    this.dismiss(id);
    notice?.action?.run();
  }

  announce(text: string): void {
    this.spoken.value = text;
  }
}
