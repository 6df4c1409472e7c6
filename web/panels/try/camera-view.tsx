import { useEffect, useRef, useState } from 'preact/hooks';
import { Camera, type CameraState } from '../../camera/camera.ts';
import { cameraErrorOf } from '../../camera/camera-error.ts';
import { FrameLoop } from '../../camera/frame-loop.ts';
import { FrameRate } from '../../camera/frame-rate.ts';
import { Smoothing } from '../../camera/smoothing.ts';
import { largestIndex, ProbabilityBars } from '../../charts/probability-bars.tsx';
import { formatRate } from '../../charts/format.ts';
import type { PresentModel } from '../../state/model-store.ts';
import { sentenceOf } from '../../state/sentences.ts';
import type { Store } from '../../state/store.ts';
import { FlipIcon, StopIcon, TryIcon } from '../parts/icons.tsx';
import { Message } from '../parts/message.tsx';

interface Live {
  probs: Float32Array;
  framesPerSecond: number;
}

/** The camera's picture beside what the model says of each frame. Stops when hidden and when the step is left. */
export function CameraView({ store, model }: { store: Store; model: PresentModel }) {
  const video = useRef<HTMLVideoElement>(null);
  const camera = useRef<Camera | null>(null);
  const loop = useRef<FrameLoop | null>(null);
  const [state, setState] = useState<CameraState | null>(null);
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState('');
  const [live, setLive] = useState<Live | null>(null);
  const [smooth, setSmooth] = useState(false);
  const smoothing = useRef(new Smoothing());
  const smoothed = useRef(smooth);
  smoothed.current = smooth;

  const stop = () => {
    loop.current?.stop();
    camera.current?.stop();
    setState(null);
    setLive(null);
  };

  const watch = () => {
    if (!video.current) return;
    loop.current?.stop();
    const rate = new FrameRate();
    smoothing.current.clear();
    loop.current = new FrameLoop(
      video.current,
      async (frame) => {
        const prediction = await store.trial.predictFrame(frame);
        if (!prediction || !camera.current?.running) return;
        rate.add(performance.now());
        const probs = smoothed.current ? smoothing.current.add(prediction.probs) : prediction.probs;
        setLive({ probs, framesPerSecond: rate.perSecond });
      },
      (error) => {
        stop();
        setProblem(sentenceOf(error));
      },
    );
    loop.current.start();
  };

  const begin = async (ask: (camera: Camera) => Promise<CameraState>) => {
    if (!video.current) return;
    camera.current ??= new Camera(video.current);
    camera.current.onEnded = () => {
      stop();
      setProblem('The camera was disconnected; plug it in and press Start camera.');
    };
    loop.current?.stop();
    setProblem('');
    setStarting(true);
    try {
      setState(await ask(camera.current));
      watch();
    } catch (error) {
      setState(null);
      setLive(null);
      setProblem(cameraErrorOf(error).message);
    } finally {
      setStarting(false);
    }
  };

  useEffect(() => {
    const hide = () => {
      if (document.hidden && camera.current?.running) stop();
    };
    document.addEventListener('visibilitychange', hide);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      loop.current?.stop();
      camera.current?.stop();
    };
  }, []);

  const probs = live?.probs ?? new Float32Array(model.classes.length).fill(NaN);
  const best = largestIndex(probs);
  return (
    <section class="card camera" aria-labelledby="camera-title">
      <h2 id="camera-title" class="visually-hidden">
        Camera
      </h2>
      <div class="camera-front">
        <div class={`camera-stage ${model.fit === 'crop' ? 'is-square' : ''}`}>
          <video
            ref={video}
            class={`camera-video ${state?.front ? 'is-mirrored' : ''} ${state ? '' : 'is-off'}`}
            autoplay
            muted
            playsInline
            aria-label="What the camera sees"
          />
          {!state && (
            <div class="camera-off">
              <TryIcon size={40} />
              <p>The picture stays on this device.</p>
            </div>
          )}
        </div>
        <div class="button-row">
          {state ? (
            <button type="button" class="button" onClick={stop}>
              <StopIcon size={20} /> Stop camera
            </button>
          ) : (
            <button
              type="button"
              class="button button-primary"
              disabled={starting}
              onClick={() => void begin((one) => one.start())}
            >
              <TryIcon size={20} /> {starting ? 'Starting…' : 'Start camera'}
            </button>
          )}
          {state && state.count > 1 && (
            <button type="button" class="button" disabled={starting} onClick={() => void begin((one) => one.switch())}>
              <FlipIcon size={20} /> Switch camera
            </button>
          )}
          <label class="inline-switch">
            <input
              type="checkbox"
              role="switch"
              class="switch"
              checked={smooth}
              onChange={(event) => {
                smoothing.current.clear();
                setSmooth(event.currentTarget.checked);
              }}
            />
            <span>Calm the bars</span>
          </label>
        </div>
      </div>
      <div class="camera-side">
        <p class="camera-answer untrusted" data-testid="live-label">
          {best >= 0 ? model.classes[best] : '–'}
        </p>
        <ProbabilityBars label="What the camera sees, by class" classes={model.classes} probs={probs} limit={10} />
        <p class="quiet tabular camera-rate" data-testid="live-rate">
          {live ? `${formatRate(live.framesPerSecond)} frames per second` : ' '}
        </p>
        {problem !== '' && <Message tone="problem">{problem}</Message>}
      </div>
    </section>
  );
}
