/** Keeps the screen awake while `wanted`. The browser drops the lock of a hidden page, so it is asked for again. */
export class WakeLock {
  private wanted = false;
  private sentinel: WakeLockSentinel | undefined;

  constructor() {
    document.addEventListener('visibilitychange', () => void this.settle());
  }

  set(wanted: boolean): void {
    this.wanted = wanted;
    void this.settle();
  }

  private async settle(): Promise<void> {
    try {
      if (this.wanted && document.visibilityState === 'visible' && (!this.sentinel || this.sentinel.released)) {
        const sentinel = await navigator.wakeLock?.request('screen');
        // Training may have ended while the browser was asked.
        if (this.wanted) this.sentinel = sentinel;
        else await sentinel?.release();
      } else if (!this.wanted && this.sentinel) {
        const { sentinel } = this;
        this.sentinel = undefined;
        await sentinel.release();
      }
    } catch {
      // A low battery refuses it; training goes on all the same.
    }
  }
}
