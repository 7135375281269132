import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import type { Interval } from '../../shared/contract.ts';
import type { ChartSettings } from './chart-settings.ts';
import { CHART_INTERVALS, FAVOURITE_INTERVALS } from './intervals.ts';
import { ToolMenu } from './tool-menu.tsx';

export interface IntervalPickerProps {
  settings: ChartSettings;
  onChange: (change: Partial<ChartSettings>) => void;
}

/**
 * The chart's interval, and whether it is drawn as a line. Where the pane is narrow only the usual intervals stand beside a menu
 * of all; where it is very narrow only the menu does (see the style sheet).
 */
export function IntervalPicker({ settings, onChange }: IntervalPickerProps): ReactElement {
  const { interval: chosen, shape } = settings;
  const favourite = FAVOURITE_INTERVALS.includes(chosen);
  return (
    <div className="intervals" role="group" aria-label="Interval">
      {CHART_INTERVALS.map(({ interval, name }) => (
        <button
          key={interval}
          type="button"
          title={`Bars of ${name}`}
          data-favourite={FAVOURITE_INTERVALS.includes(interval)}
          aria-pressed={interval === chosen}
          onClick={() => onChange({ interval })}
        >
          {interval}
        </button>
      ))}
      <ToolMenu
        className="interval-menu"
        label={`All intervals, ${chosen} is shown`}
        title="All intervals"
        shown={
          <>
            <span className="interval-shown" data-favourite={favourite}>
              {chosen}
            </span>
            <span aria-hidden="true">▾</span>
          </>
        }
      >
        <DropdownMenu.RadioGroup
          value={chosen}
          onValueChange={value => onChange({ interval: value as Interval })}
        >
          {CHART_INTERVALS.map(({ interval, name }) => (
            <DropdownMenu.RadioItem key={interval} className="menu-item" value={interval}>
              {name}
              <span className="menu-key">{interval}</span>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </ToolMenu>
      <span className="intervals-line" aria-hidden="true" />
      <button
        type="button"
        className="shape-button"
        title="A line through the closes instead of candles"
        aria-pressed={shape === 'line'}
        onClick={() => onChange({ shape: shape === 'line' ? 'candles' : 'line' })}
      >
        Line
      </button>
    </div>
  );
}
