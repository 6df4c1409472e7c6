// What can go wrong with a camera, each as one sentence that says what to do.

export type CameraProblem = 'unsupported' | 'insecure' | 'none' | 'denied' | 'in-use' | 'failed';

const sentences: Record<CameraProblem, string> = {
  unsupported: 'This browser cannot reach a camera; drop photos here instead.',
  insecure: 'Browsers allow the camera on https and localhost only; open this page there, or drop photos instead.',
  none: 'No camera was found; plug one in and press Start camera, or drop photos instead.',
  denied: 'The camera is blocked for this page; allow it beside the address and press Start camera again.',
  'in-use': 'Another program is using the camera; close it there and press Start camera again.',
  failed: 'The camera did not start; press Start camera to try once more, or drop photos instead.',
};

export class CameraError extends Error {
  readonly problem: CameraProblem;
  constructor(problem: CameraProblem) {
    super(sentences[problem]);
    this.name = 'CameraError';
    this.problem = problem;
  }
}

/** Names of https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia, and older ones still about. */
export function cameraErrorOf(error: unknown): CameraError {
  if (error instanceof CameraError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return new CameraError('denied');
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return new CameraError('none');
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return new CameraError('in-use');
    case 'SecurityError':
      return new CameraError('insecure');
    default:
      return new CameraError('failed');
  }
}
