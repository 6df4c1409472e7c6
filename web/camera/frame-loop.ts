// Takes frames off a playing video, one at a time: the next frame is read when the last one has been answered, so slow
// models see fewer frames instead of a growing queue.

export interface Frame {
  width: number;
  height: number;
  /** (height, width, 4) RGBA, never mirrored. */
  data: Uint8Array;
}

/** A camera may give more than it was asked for; beside a training run a larger copy would not find room. */
const longestSide = 1280;

/** The size in which a frame is read. */
export function frameSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export class FrameLoop {
  private stopped = false;
  private readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d', { willReadFrequently: true });

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly onFrame: (frame: Frame) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopped) {
        await nextFrame(this.video);
        if (this.stopped) return;
        const frame = this.read();
        if (frame) await this.onFrame(frame);
      }
    } catch (error) {
      if (!this.stopped) this.onError(error);
      this.stopped = true;
    }
  }

  private read(): Frame | undefined {
    const { videoWidth, videoHeight } = this.video;
    if (!this.context || videoWidth === 0 || videoHeight === 0) return undefined;
    const { width, height } = frameSize(videoWidth, videoHeight);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.context.drawImage(this.video, 0, 0, width, height);
    const { data } = this.context.getImageData(0, 0, width, height);
    return { width, height, data: new Uint8Array(data.buffer) };
  }
}

/** Resolves with the next picture of the camera; where the browser cannot say, with the next repaint. */
function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in video) {
      // The camera may stop before another frame comes; a loop that waits for ever would hold the video.
      const late = setTimeout(done, 1000);
      const handle = video.requestVideoFrameCallback(done);
      function done() {
        clearTimeout(late);
        video.cancelVideoFrameCallback(handle);
        resolve();
      }
      return;
    }
    requestAnimationFrame(() => resolve());
  });
}
