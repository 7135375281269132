import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { readDecimal, typeDecimal } from '../format/typed-decimal.ts';
import type { Faults } from './draft-form.ts';

/** A labelled part of the form; what is wrong with it stands under it and is read with it. */
export function Field(props: {
  label: string;
  fault?: string | undefined;
  hint?: string | undefined;
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}): ReactElement {
  const id = useId();
  const words = props.fault ?? props.hint;
  return (
    <div className="alert-field">
      <label htmlFor={id}>{props.label}</label>
      {props.children({
        id,
        describedBy: words === undefined ? undefined : `${id}-words`,
        invalid: props.fault !== undefined,
      })}
      {words !== undefined && (
        <p id={`${id}-words`} className={props.fault === undefined ? 'alert-hint' : 'refusal'}>
          {words}
        </p>
      )}
    </div>
  );
}

/** A choice of a few. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
  fault?: string | undefined;
}): ReactElement {
  return (
    <Field label={props.label} fault={props.fault}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className="field"
          aria-describedby={describedBy}
          value={props.value}
          onChange={event => {
            const chosen = props.options.find(([value]) => value === event.target.value);
            if (chosen !== undefined) props.onChange(chosen[0]);
          }}
        >
          {props.options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A text or a number as it is typed. */
export function TextField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  name?: string;
  faults?: Faults;
  hint?: string | undefined;
  unit?: string | undefined;
  list?: readonly string[];
  decimal?: boolean;
}): ReactElement {
  const listId = useId();
  const fault = props.name === undefined ? undefined : props.faults?.[props.name];
  return (
    <Field label={props.label} fault={fault} hint={props.hint}>
      {({ id, describedBy, invalid }) => (
        <span className="alert-with-unit">
          <input
            id={id}
            className="field"
            value={props.value}
            inputMode={props.decimal === true ? 'decimal' : undefined}
            autoComplete="off"
            spellCheck={false}
            list={props.list === undefined ? undefined : listId}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            onChange={event => props.onChange(event.target.value)}
          />
          {props.unit !== undefined && <span className="alert-unit">{props.unit}</span>}
          {props.list !== undefined && (
            <datalist id={listId}>
              {props.list.map(one => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </span>
      )}
    </Field>
  );
}

const UNITS = [
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
] as const;
type Unit = (typeof UNITS)[number];

/** A length of time, typed as a number of a unit. */
export function LengthField(props: {
  label: string;
  name: string;
  ms: number;
  faults: Faults;
  smallest: 'ms' | 's';
  onChange: (ms: number) => void;
}): ReactElement {
  const units = UNITS.filter(([unit]) => unit !== 'ms' || props.smallest === 'ms');
  const [unit, setUnit] = useState<Unit>(() => fittingUnit(props.ms, props.smallest));
  const [text, setText] = useState(() => typeDecimal(String(props.ms / unit[1])));
  const change = (written: string, next: Unit): void => {
    setText(written);
    setUnit(next);
    const typed = readDecimal(written);
    props.onChange(typed === null ? Number.NaN : Math.round(Number(typed) * next[1]));
  };
  return (
    <Field label={props.label} fault={props.faults[props.name]}>
      {({ id, describedBy, invalid }) => (
        <span className="alert-with-unit">
          <input
            id={id}
            className="field"
            value={text}
            inputMode="decimal"
            autoComplete="off"
            aria-describedby={describedBy}
            aria-invalid={invalid}
            onChange={event => change(event.target.value, unit)}
          />
          <select
            className="field alert-length-unit"
            aria-label={`Unit of ${props.label.toLowerCase()}`}
            value={unit[0]}
            onChange={event => {
              const chosen = units.find(([name]) => name === event.target.value);
              if (chosen !== undefined) change(text, chosen);
            }}
          >
            {units.map(([name]) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </span>
      )}
    </Field>
  );
}

function fittingUnit(ms: number, smallest: 'ms' | 's'): Unit {
  const whole = UNITS.findLast(([, length]) => ms >= length && ms % length === 0);
  const least = smallest === 'ms' ? UNITS[0] : UNITS[1];
  return whole === undefined || whole[1] < least[1] ? least : whole;
}
