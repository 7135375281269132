import { Decimal } from 'decimal.js';
import { useId, useRef, type ReactElement, type ReactNode } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { formatChange, signedDecimal } from '../format/prices.ts';
import { openRegion, SYSTEM_REGION, type RegionChoice } from '../format/region.ts';
import { formatMoment } from '../format/times.ts';
import { useRegion } from '../format/use-region.ts';
import { writeText } from '../time/ticker.ts';
import { useAging } from '../time/use-aging.ts';
import { localeLabel, localeOptions, zoneGroups } from './region-choices.ts';

/** By which locale numbers and dates are written, and in which zone times; a choice counts at once, everywhere. */
export function RegionFields(): ReactElement {
  const { view } = useServices();
  const kept = useStore(view, state => state.region);
  const { problems } = useRegion();
  const system = openRegion(SYSTEM_REGION);
  const choose = (part: Partial<RegionChoice>): void => view.setState({ region: { ...kept, ...part } });
  return (
    <>
      <Choice
        label="Numbers and dates"
        help="Latin digits and 24 hours in every locale, so that columns keep their width; words stay English. Files, copies and raw events stay plain: a dot for decimals, and UTC."
        value={kept.locale}
        onChange={locale => choose({ locale })}
      >
        <option value="">The system’s: {localeLabel(system.locale)}</option>
        {localeOptions(kept.locale).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Choice>
      <Choice
        label="Time zone"
        help="For every time on the screen and for the marks under charts. Bars still begin where UTC cuts them, and a change of today counts from midnight UTC."
        value={kept.timeZone}
        onChange={timeZone => choose({ timeZone })}
      >
        <option value="">The system’s: {system.timeZone}</option>
        <option value="UTC">UTC</option>
        {zoneGroups(kept.timeZone).map(({ name, options }) => (
          <optgroup key={name} label={name}>
            {options.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </Choice>
      {problems.map(problem => (
        <p key={problem} className="refusal setting-problem" role="alert">
          {problem}
        </p>
      ))}
      <Preview />
    </>
  );
}

function Choice(props: {
  label: string;
  help: string;
  value: string | null;
  onChange: (value: string | null) => void;
  children: ReactNode;
}): ReactElement {
  const id = useId();
  return (
    <div className="setting">
      <div className="setting-head">
        <label htmlFor={id}>{props.label}</label>
      </div>
      <select
        id={id}
        className="field"
        aria-describedby={`${id}-help`}
        value={props.value ?? ''}
        onChange={event => props.onChange(event.target.value === '' ? null : event.target.value)}
      >
        {props.children}
      </select>
      <p id={`${id}-help`} className="setting-help">
        {props.help}
      </p>
    </div>
  );
}

/** What numbers and times look like now. */
function Preview(): ReactElement {
  const text = useRef<HTMLParagraphElement>(null);
  useAging(now => {
    const numbers = ['1234567.89', '-98765.4', '0.00001234'].map(signedDecimal);
    writeText(
      text.current,
      `${[...numbers, formatChange(new Decimal('3.41'))].join('   ')}\n${formatMoment(now)}`,
    );
  });
  return (
    <div className="setting" role="group" aria-label="Preview of numbers and times">
      <span className="setting-label">Preview</span>
      <p className="number setting-preview" ref={text} />
    </div>
  );
}
