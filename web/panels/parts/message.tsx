import type { ComponentChildren } from 'preact';
import { CheckIcon, InfoIcon, WarnIcon } from './icons.tsx';

const icons = { problem: WarnIcon, note: InfoIcon, good: CheckIcon } as const;

/** One sentence that wants to be seen. A problem is an alert: it is read out at once. */
export function Message(props: { tone: keyof typeof icons; children: ComponentChildren }) {
  const Icon = icons[props.tone];
  return (
    <div class={`message message-${props.tone}`} role={props.tone === 'problem' ? 'alert' : undefined}>
      <Icon size={20} />
      <div>{props.children}</div>
    </div>
  );
}
