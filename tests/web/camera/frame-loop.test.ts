import { describe, expect, it } from 'vitest';
import { frameSize } from '../../../web/camera/frame-loop.ts';

describe('frameSize', () => {
  it('leaves what the camera was asked for as it is', () => {
    expect(frameSize(640, 480)).toEqual({ width: 640, height: 480 });
    expect(frameSize(720, 1280)).toEqual({ width: 720, height: 1280 });
  });

  it('makes more smaller, in the same proportions', () => {
    expect(frameSize(1920, 1080)).toEqual({ width: 1280, height: 720 });
    expect(frameSize(1080, 2400)).toEqual({ width: 576, height: 1280 });
    expect(frameSize(100_000, 3)).toEqual({ width: 1280, height: 1 });
  });
});
