import { CameraError, cameraErrorOf } from './camera-error.ts';

/** The part of navigator.mediaDevices that is needed; tests bring their own. */
export interface MediaSource {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
}

export interface CameraState {
  /** The picture is of the person in front: show it mirrored, as a mirror does. Only the preview, never the pixels. */
  front: boolean;
  label: string;
  /** How many cameras there are; more than one makes a switch worth showing. */
  count: number;
}

/**
 * One camera shown in one <video autoplay muted playsinline>, which must be in the document before `start`.
 * The old track is stopped before the next is asked for: many phones open only one camera at a time.
 */
export class Camera {
  /** The device went away by itself (unplugged, taken by a call). */
  onEnded: (() => void) | undefined;
  private stream: MediaStream | undefined;
  private deviceId: string | undefined;
  private generation = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly media: MediaSource | undefined = globalThis.navigator?.mediaDevices,
  ) {}

  get running(): boolean {
    return this.stream !== undefined;
  }

  /** Call it from a tap only. Fails with a CameraError. A stop() meanwhile wins: the late stream is closed again. */
  async start(deviceId?: string): Promise<CameraState> {
    if (!this.media) throw new CameraError(globalThis.isSecureContext === false ? 'insecure' : 'unsupported');
    this.stop();
    const generation = this.generation;
    const which: MediaTrackConstraints =
      deviceId === undefined ? { facingMode: { ideal: 'environment' } } : { deviceId: { exact: deviceId } };
    try {
      // 640 x 480 is far above any training size and keeps the copy of each frame cheap.
      const video = { ...which, width: { ideal: 640 }, height: { ideal: 480 } };
      const stream = await this.media.getUserMedia({ video, audio: false });
      if (generation !== this.generation) {
        stopTracks(stream);
        throw new CameraError('failed');
      }
      this.stream = stream;
      this.video.srcObject = stream;
      const track = stream.getVideoTracks()[0];
      track?.addEventListener('ended', () => {
        if (this.stream !== stream) return;
        this.stop();
        this.onEnded?.();
      });
      await this.video.play();
      return await this.describe(track);
    } catch (error) {
      if (generation === this.generation) this.stop();
      throw cameraErrorOf(error);
    }
  }

  /** The next camera of the device, round and round. */
  async switch(): Promise<CameraState> {
    const cameras = await this.cameras();
    const current = cameras.findIndex((camera) => camera.deviceId === this.deviceId);
    const next = cameras[(current + 1) % Math.max(1, cameras.length)];
    return this.start(next?.deviceId || undefined);
  }

  stop(): void {
    this.generation += 1;
    if (this.stream) stopTracks(this.stream);
    this.stream = undefined;
    this.video.srcObject = null;
  }

  private async cameras(): Promise<MediaDeviceInfo[]> {
    const devices = (await this.media?.enumerateDevices()) ?? [];
    return devices.filter((device) => device.kind === 'videoinput');
  }

  private async describe(track: MediaStreamTrack | undefined): Promise<CameraState> {
    const settings = track?.getSettings() ?? {};
    const cameras = await this.cameras();
    this.deviceId = settings.deviceId;
    return {
      front: isFront(settings.facingMode, track?.label ?? '', cameras.length),
      label: track?.label ?? '',
      count: cameras.length,
    };
  }
}

/** Laptops report no facing mode; their only camera looks at the person. */
export function isFront(facingMode: string | undefined, label: string, count: number): boolean {
  if (facingMode === 'environment') return false;
  if (facingMode === 'user') return true;
  if (/\b(back|rear|environment)\b/i.test(label)) return false;
  return /\b(front|user|facetime|integrated|webcam)\b/i.test(label) || count <= 1;
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
