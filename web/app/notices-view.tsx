import { CloseIcon } from '../panels/parts/icons.tsx';
import type { Notices } from '../state/notices.ts';

/** Short messages with Undo, and the region that is read aloud. They stay until closed: nobody has to read in a hurry. */
export function NoticesView({ notices }: { notices: Notices }) {
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
        {notices.announcement.value}
      </div>
      <div class="notices" role="region" aria-label="Messages" aria-live="polite">
        {notices.shown.value.map(({ id, text, tone, action }) => (
          <div key={id} class={`notice notice-${tone}`}>
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
        ))}
      </div>
    </>
  );
}
