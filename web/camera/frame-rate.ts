/** Answers per second over the last `window` milliseconds. Times are given, so that tests need no clock. */
export class FrameRate {
  private times: number[] = [];

  constructor(private readonly window = 2000) {}

  add(now: number): void {
    this.times.push(now);
    this.times = this.times.filter((time) => time > now - this.window);
  }

  /** 0 until there are two frames. */
  get perSecond(): number {
    const first = this.times[0];
    const last = this.times.at(-1);
    if (first === undefined || last === undefined || last <= first) return 0;
    return ((this.times.length - 1) * 1000) / (last - first);
  }

  clear(): void {
    this.times = [];
  }
}
