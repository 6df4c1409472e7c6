import type { CallContext } from '../../../web/shared/protocol.ts';
import { SortlabError } from '../../../web/shared/protocol.ts';

/** A call's context that records its progress and can be cancelled. */
export function testContext<Progress>() {
  const listeners: (() => void)[] = [];
  const state = { seen: [] as Progress[], transferred: [] as unknown[], cancelled: false };
  const context: CallContext<Progress> = {
    progress: (value) => state.seen.push(value),
    get cancelled() {
      return state.cancelled;
    },
    throwIfCancelled: () => {
      if (state.cancelled) throw new SortlabError('cancelled', 'Cancelled.');
    },
    onCancel: (listener) => listeners.push(listener),
    transfer: (...objects) => state.transferred.push(...objects),
  };
  const cancel = (): void => {
    state.cancelled = true;
    listeners.forEach((listener) => listener());
  };
  return { context, seen: state.seen, transferred: state.transferred, cancel };
}
