import { toChildArray, type ComponentChildren, type VNode } from 'preact';
import { describe, expect, it } from 'vitest';
import { ModelCard } from '../../../web/panels/parts/model-card.tsx';

/** The words of the card itself, without those of the components in it. */
function words(children: ComponentChildren): string {
  return toChildArray(children)
    .map((child) =>
      typeof child === 'object' ? words((child as VNode<{ children?: ComponentChildren }>).props.children) : child,
    )
    .join(' ');
}

describe('where the model is saved', () => {
  it('says all that the file holds', () => {
    const model = {
      classes: ['a', 'b'],
      name: 'compact',
      imageSize: 96,
      parameterCount: 1,
      from: { kind: 'training' },
    };
    const store = { model: { busy: { value: false } } };
    type Props = Parameters<typeof ModelCard>[0];
    const said = words(ModelCard({ store, model } as unknown as Props)).replace(/\s+/gu, ' ');
    expect(said).toContain('It holds no photos, but the network, its class names and a fingerprint of each photo');
    expect(said).toContain('the photo cannot be made from it.');
  });
});
