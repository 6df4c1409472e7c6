import { describe, expect, it, vi } from 'vitest';
import { Camera, isFront, type MediaSource } from '../../../web/camera/camera.ts';
import { CameraError, cameraErrorOf } from '../../../web/camera/camera-error.ts';
import { FrameRate } from '../../../web/camera/frame-rate.ts';
import { Smoothing } from '../../../web/camera/smoothing.ts';

class FakeTrack extends EventTarget {
  stopped = false;
  constructor(
    readonly label: string,
    readonly deviceId: string,
    readonly facingMode?: string,
  ) {
    super();
  }
  getSettings() {
    return { deviceId: this.deviceId, facingMode: this.facingMode };
  }
  stop() {
    this.stopped = true;
  }
}

function setup(cameras = ['a', 'b']) {
  const opened: FakeTrack[] = [];
  const asked: MediaStreamConstraints[] = [];
  let gate: Promise<void> = Promise.resolve();
  const media = {
    getUserMedia: async (constraints: MediaStreamConstraints) => {
      asked.push(constraints);
      // Phones open one camera at a time: whatever ran before must be closed by now.
      expect(opened.every((track) => track.stopped)).toBe(true);
      await gate;
      const exact = (constraints.video as { deviceId?: { exact: string } }).deviceId?.exact;
      const track = new FakeTrack(`camera ${exact ?? cameras[0]}`, exact ?? cameras[0] ?? '', 'environment');
      opened.push(track);
      return { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
    },
    enumerateDevices: async () => cameras.map((deviceId) => ({ kind: 'videoinput', deviceId }) as MediaDeviceInfo),
  };
  const video = { srcObject: null as unknown, play: vi.fn(async () => undefined) };
  const camera = new Camera(video as unknown as HTMLVideoElement, media as MediaSource);
  const hold = () => {
    let release: () => void = () => undefined;
    gate = new Promise((resolve) => (release = resolve));
    return release;
  };
  return { camera, video, opened, asked, media, hold };
}

describe('Camera', () => {
  it('prefers the camera that looks at the world, and shows it', async () => {
    const { camera, video, asked } = setup();
    const state = await camera.start();
    expect(asked[0]?.video).toMatchObject({ facingMode: { ideal: 'environment' } });
    expect(asked[0]?.audio).toBe(false);
    expect(state).toEqual({ front: false, label: 'camera a', count: 2 });
    expect(video.play).toHaveBeenCalledOnce();
    expect(camera.running).toBe(true);
  });

  it('switches round and round, the old track stopped first', async () => {
    const { camera, opened } = setup();
    await camera.start();
    expect((await camera.switch()).label).toBe('camera b');
    expect((await camera.switch()).label).toBe('camera a');
    expect(opened.map((track) => track.stopped)).toEqual([true, true, false]);
  });

  it('stops its tracks and lets go of the video', async () => {
    const { camera, video, opened } = setup();
    await camera.start();
    camera.stop();
    expect(opened[0]?.stopped).toBe(true);
    expect(video.srcObject).toBeNull();
    expect(camera.running).toBe(false);
  });

  it('closes a stream that arrives after stop', async () => {
    const { camera, opened, hold } = setup();
    const release = hold();
    const starting = camera.start();
    camera.stop();
    release();
    await expect(starting).rejects.toBeInstanceOf(CameraError);
    expect(opened[0]?.stopped).toBe(true);
    expect(camera.running).toBe(false);
  });

  it('tells when the device goes away', async () => {
    const { camera, opened } = setup();
    const ended = vi.fn();
    camera.onEnded = ended;
    await camera.start();
    opened[0]?.dispatchEvent(new Event('ended'));
    expect(ended).toHaveBeenCalledOnce();
    expect(camera.running).toBe(false);
  });

  it('says so where there is no camera to ask', async () => {
    const camera = new Camera({ srcObject: null } as unknown as HTMLVideoElement, undefined);
    await expect(camera.start()).rejects.toMatchObject({ name: 'CameraError' });
  });
});

it.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'none'],
  ['OverconstrainedError', 'none'],
  ['NotReadableError', 'in-use'],
  ['SecurityError', 'insecure'],
  ['TypeError', 'failed'],
])('%s becomes one sentence about "%s"', (name, problem) => {
  const error = cameraErrorOf(new DOMException('x', name));
  expect(error.problem).toBe(problem);
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  expect(cameraErrorOf(error)).toBe(error);
});

it('mirrors only a camera that looks at the person', () => {
  expect(isFront('user', '', 2)).toBe(true);
  expect(isFront('environment', 'Front', 1)).toBe(false);
  expect(isFront(undefined, 'Back Camera', 1)).toBe(false);
  expect(isFront(undefined, 'FaceTime HD', 2)).toBe(true);
  expect(isFront(undefined, 'USB 2.0', 1)).toBe(true);
  expect(isFront(undefined, 'USB 2.0', 3)).toBe(false);
});

it('counts frames of the last seconds only', () => {
  const rate = new FrameRate(1000);
  expect(rate.perSecond).toBe(0);
  for (let time = 0; time <= 500; time += 50) rate.add(time);
  expect(rate.perSecond).toBeCloseTo(20);
  rate.add(5000);
  expect(rate.perSecond).toBe(0);
});

it('smooths probabilities, keeps their sum, and starts anew for other classes', () => {
  const smoothing = new Smoothing(0.5);
  expect([...smoothing.add(Float32Array.of(1, 0))]).toEqual([1, 0]);
  expect([...smoothing.add(Float32Array.of(0, 1))]).toEqual([0.5, 0.5]);
  const third = smoothing.add(Float32Array.of(0, 1));
  expect([...third]).toEqual([0.25, 0.75]);
  third[0] = 9; // a copy: the caller may keep it
  expect([...smoothing.add(Float32Array.of(0, 0, 1))]).toEqual([0, 0, 1]);
});
