import type { ComponentChildren } from 'preact';

/** What to do first, where a step has nothing to show yet. */
export function EmptyState(props: { icon: ComponentChildren; title: string; children: ComponentChildren }) {
  return (
    <section class="empty-state card">
      <div class="empty-icon">{props.icon}</div>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}
