import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CheckIcon, InfoIcon, WarnIcon } from './icons.tsx';

const icons = { problem: WarnIcon, note: InfoIcon, good: CheckIcon } as const;

/** One sentence that wants to be seen. A problem is an alert: it is read out at once, and comes into view. */
export function Message(props: { tone: keyof typeof icons; children: ComponentChildren }) {
  const Icon = icons[props.tone];
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.tone === 'problem') element.current?.scrollIntoView({ block: 'nearest' });
  }, [props.tone]);
  return (
    <div ref={element} class={`message message-${props.tone}`} role={props.tone === 'problem' ? 'alert' : undefined}>
      <Icon size={20} />
      <div>{props.children}</div>
    </div>
  );
}
