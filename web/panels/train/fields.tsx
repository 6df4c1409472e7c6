import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  hint: string;
}

export function ChoiceField(
  props: FieldProps & { value: string; options: { value: string; text: string }[]; onChange: (value: string) => void },
) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <span class="select">
        <select
          id={id}
          aria-describedby={`${id}-hint`}
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        >
          {props.options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </span>
      <p id={`${id}-hint`} class="hint">
        {props.hint}
      </p>
    </div>
  );
}

export function NumberField(
  props: FieldProps & {
    value: number;
    min: number;
    max: number;
    step: number | 'any';
    problem: string | undefined;
    onChange: (value: number) => void;
  },
) {
  const id = useId();
  const { problem } = props;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="number"
        inputMode={props.step === 'any' ? 'decimal' : 'numeric'}
        min={props.min}
        max={props.max}
        step={props.step}
        value={Number.isNaN(props.value) ? '' : props.value}
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== undefined}
        onChange={(event) => props.onChange(event.currentTarget.valueAsNumber)}
      />
      <p id={`${id}-hint`} class={problem === undefined ? 'hint' : 'hint hint-problem'}>
        {problem ?? props.hint}
      </p>
    </div>
  );
}

export function SwitchField(props: FieldProps & { checked: boolean; onChange: (checked: boolean) => void }) {
  const id = useId();
  return (
    <div class="field field-switch">
      <label for={id}>
        <input
          id={id}
          type="checkbox"
          role="switch"
          class="switch"
          checked={props.checked}
          aria-describedby={`${id}-hint`}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <span>{props.label}</span>
      </label>
      <p id={`${id}-hint`} class="hint">
        {props.hint}
      </p>
    </div>
  );
}
