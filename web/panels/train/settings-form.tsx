import { batchSizes, defaultSettings, imageSizes, splits, withPreset } from '../../state/settings.ts';
import type { TrainStore } from '../../state/train-store.ts';
import type { Store } from '../../state/store.ts';
import { SettingsIcon } from '../parts/icons.tsx';
import { ChoiceField, NumberField, SwitchField } from './fields.tsx';
import { MemoryPlanView } from './memory-plan.tsx';

/** Everything a run depends on. Sensible as it stands; each setting says in a line what it does. */
export function SettingsForm({ store }: { store: Store }) {
  const { train, studios, notices } = store;
  const settings = train.settings.value;
  const problems = train.problems.value;
  const busy = store.working.value;
  const split = `${settings.trainPercent}/${settings.validationPercent}/${settings.testPercent}`;
  const sizes = (name: 'imageSize' | 'batchSize', usual: readonly number[], text: (size: number) => string) => ({
    value: String(settings[name]),
    options: [...new Set([...usual, settings[name]])]
      .sort((a, b) => a - b)
      .map((size) => ({ value: String(size), text: text(size) })),
    onChange: (size: string) => train.change({ [name]: Number(size) }),
  });
  const numberOf = (name: 'epochs' | 'learningRate' | 'seed') => ({
    value: settings[name],
    problem: problems[name],
    onChange: (value: number) => train.change({ [name]: value }),
  });
  return (
    <details class="card settings">
      <summary>
        <SettingsIcon /> <h2>Settings</h2>{' '}
        <span class="quiet">{asPreset(train) ? 'good as they are' : 'changed by you'}</span>
      </summary>
      <fieldset disabled={busy} class="settings-grid">
        <legend class="visually-hidden">Settings</legend>
        <ChoiceField
          label="Preset"
          hint="The kind of network and the values that suit it."
          value={settings.preset}
          options={train.presets.value.map(({ name, title }) => ({ value: name, text: title }))}
          onChange={(name) => train.choosePreset(name)}
        />
        <ChoiceField
          label="Image size"
          hint="Photos are shrunk to a square of this side: larger sees more and takes longer. Changing it reads the photos again."
          {...sizes('imageSize', imageSizes, (size) => `${size} × ${size} px`)}
        />
        <NumberField
          label="Epochs"
          hint="How often it looks at every training photo."
          min={1}
          max={1000}
          step={1}
          {...numberOf('epochs')}
        />
        <ChoiceField
          label="Batch size"
          hint="Photos looked at before each small correction."
          {...sizes('batchSize', batchSizes, (size) => `${size} photos`)}
        />
        <NumberField
          label="Learning rate"
          hint="Size of each correction. Too large and it stumbles, too small and it crawls."
          min={0.00001}
          max={1}
          step="any"
          {...numberOf('learningRate')}
        />
        <ChoiceField
          label="Split"
          hint="Percent of photos for training / validation / test."
          value={split}
          options={[...new Set([...splits.map((parts) => parts.join('/')), split])].map((text) => ({
            value: text,
            text: text.replaceAll('/', ' / '),
          }))}
          onChange={(text) => {
            const [trainPercent = 70, validationPercent = 15, testPercent = 15] = text.split('/').map(Number);
            train.change({ trainPercent, validationPercent, testPercent });
          }}
        />
        <NumberField
          label="Seed"
          hint="Same seed, same photos, same settings: same result."
          min={0}
          max={4294967295}
          step={1}
          {...numberOf('seed')}
        />
        <ChoiceField
          label="Photos that are not square"
          hint="Cut to the middle, or squeeze the whole photo in."
          value={settings.fit}
          options={[
            { value: 'crop', text: 'Cut to the middle' },
            { value: 'squeeze', text: 'Squeeze' },
          ]}
          onChange={(fit) => train.change({ fit: fit === 'squeeze' ? 'squeeze' : 'crop' })}
        />
        <SwitchField
          label="Augmentation"
          hint="Shows each photo a little turned, shifted, lighter or mirrored, so that it learns what matters."
          checked={settings.augment}
          onChange={(augment) => train.change({ augment })}
        />
        <SwitchField
          label="Same result on every device"
          hint="Uses the engine “simd”, whose numbers agree bit for bit everywhere; up to a quarter slower."
          checked={studios.choice.value === 'simd'}
          onChange={(same) => void store.chooseEngine(same ? 'simd' : 'auto')}
        />
      </fieldset>
      <div class="settings-foot">
        <MemoryPlanView train={train} />
        <button
          type="button"
          class="button button-quiet"
          disabled={busy}
          onClick={() => notices.show('Settings are back to their defaults.', { undo: train.reset() })}
        >
          Back to defaults
        </button>
      </div>
    </details>
  );
}

/** Whether all is as the chosen preset suggests. */
function asPreset(train: TrainStore): boolean {
  const settings = train.settings.value;
  const preset = train.presets.value.find(({ name }) => name === settings.preset);
  const suggested = preset ? withPreset(defaultSettings, preset) : defaultSettings;
  return (Object.keys(suggested) as (keyof typeof suggested)[]).every((key) => suggested[key] === settings[key]);
}
