import { useEffect, useState } from 'preact/hooks';
import { CloseIcon } from '../panels/parts/icons.tsx';
import type { Notice, Notices } from '../state/notices.ts';

/** Short messages with Undo, and the region that is read aloud. */
export function NoticesView({ notices }: { notices: Notices }) {
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
        {notices.announcement.value}
      </div>
      <div class="notices" role="region" aria-label="Messages" aria-live="polite">
        {notices.shown.value.map((notice) => (
          <NoticeItem key={notice.id} notice={notice} notices={notices} />
        ))}
      </div>
    </>
  );
}

/** Goes by itself after a while, but never under the pointer or while a key may press its button. */
function NoticeItem({ notice, notices }: { notice: Notice; notices: Notices }) {
  const { id, text, tone, action, seconds } = notice;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || !Number.isFinite(seconds)) return undefined;
    const timer = setTimeout(() => notices.dismiss(id), seconds * 1000);
    return () => clearTimeout(timer);
  }, [held, id, seconds]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
      class={`notice notice-${tone}`}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <p class="untrusted">{text}</p>
      {action && (
        <button type="button" class="button button-quiet" onClick={() => notices.act(id)}>
          {action.name}
        </button>
      )}
      <button type="button" class="icon-button" aria-label="Close message" onClick={() => notices.dismiss(id)}>
        <CloseIcon size={20} />
      </button>
    </div>
  );
}
