// Progress on standard error: one line that is written over on a terminal, milestones only elsewhere.
export class ProgressLine {
  readonly #terminal = process.stderr.isTTY;
  #shown = false;

  /** Passing news: shown on a terminal only. */
  show(text: string): void {
    if (!this.#terminal) return;
    process.stderr.write(`\r\u001b[2K${text.slice(0, Math.max(20, process.stderr.columns - 1))}`);
    this.#shown = true;
  }

  /** News that stays. */
  milestone(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[2K');
    this.#shown = false;
  }
}

export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '…';
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
