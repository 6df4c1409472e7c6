// What the page says to its service worker.

/** The waiting version may take over: nothing is lost by a reload now. */
export const skipWaitingMessage = 'skip-waiting';
/** The page has started and its engine runs. */
export const startedMessage = 'started';
