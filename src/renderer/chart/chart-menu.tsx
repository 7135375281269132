import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { CHART_ACTIONS, type ChartAction } from './chart-actions.ts';
import type { ChartSettings } from './chart-settings.ts';
import { ToolMenu } from './tool-menu.tsx';

/** Everything a chart can do, with the keys that do it. */
export function ChartMenu({
  settings,
  run,
}: {
  settings: ChartSettings;
  run: (action: ChartAction) => void;
}): ReactElement {
  return (
    <ToolMenu className="chart-menu" label="Chart tools" title="Chart tools" shown="⋯">
      {CHART_ACTIONS.filter(action => action.menu).map(action => {
        const checked = checkedOf(action, settings);
        const words = (
          <>
            {action.name}
            <span className="menu-key">{action.keyName}</span>
          </>
        );
        return checked === null ? (
          <DropdownMenu.Item key={action.id} className="menu-item" onSelect={() => run(action)}>
            {words}
          </DropdownMenu.Item>
        ) : (
          <DropdownMenu.CheckboxItem
            key={action.id}
            className="menu-item"
            checked={checked}
            onSelect={() => run(action)}
          >
            {words}
          </DropdownMenu.CheckboxItem>
        );
      })}
    </ToolMenu>
  );
}

/** Whether an action that turns something on and off has it on; `null` for the others. */
function checkedOf({ id }: ChartAction, { log, shape }: ChartSettings): boolean | null {
  if (id === 'log') return log;
  return id === 'line' ? shape === 'line' : null;
}
