import { ContextMenu } from 'radix-ui';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { PriceCondition } from '../../shared/alerts.ts';
import type { DecimalString } from '../../shared/contract.ts';
import { compactPrice } from '../format/prices.ts';
import { productOf } from '../state/names.ts';
import { CHART_ACTIONS, type ChartAction } from './chart-actions.ts';
import '../app/screen-dialog.css';
import './tool-menu.css';

/** Actions that have to do with a place on the chart rather than with the chart. */
const HERE = ['now', 'go-to-date', 'fit'];

const WORDS: Readonly<Record<PriceCondition['direction'], string>> = {
  above: 'rises to',
  below: 'falls to',
  cross: 'reaches',
};

export interface StageMenuProps {
  /** The price at a height of the window, in pixels; `null` where there is none. */
  priceAt: (clientY: number) => DecimalString | null;
  conditionFor: (level: DecimalString) => PriceCondition | null;
  onAlert: (level: DecimalString) => void;
  onEditAlert: (condition: PriceCondition) => void;
  run: (action: ChartAction) => void;
  children: ReactNode;
}

/** The menu of the place that was clicked: an alert at its price, and where to go. */
export function StageMenu(props: StageMenuProps): ReactElement {
  const [condition, setCondition] = useState<PriceCondition | null>(null);
  const [home, setHome] = useState<HTMLElement | null>(null);
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger
        asChild
        onContextMenu={event => {
          setHome(event.currentTarget.ownerDocument.body);
          const level = props.priceAt(event.clientY);
          setCondition(level === null ? null : props.conditionFor(level));
        }}
      >
        {props.children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal container={home}>
        <ContextMenu.Content className="menu" collisionPadding={8}>
          {condition !== null && <AlertItems {...props} condition={condition} />}
          {CHART_ACTIONS.filter(action => HERE.includes(action.id)).map(action => (
            <ContextMenu.Item key={action.id} className="menu-item" onSelect={() => props.run(action)}>
              {action.name}
              <span className="menu-key">{action.keyName}</span>
            </ContextMenu.Item>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function AlertItems({
  condition,
  onAlert,
  onEditAlert,
}: StageMenuProps & { condition: PriceCondition }): ReactElement {
  const { token, direction, level } = condition;
  const price = compactPrice(level);
  return (
    <>
      <ContextMenu.Item className="menu-item" onSelect={() => onAlert(level)}>
        Alert when {productOf(token)} {WORDS[direction]} {price}
      </ContextMenu.Item>
      <ContextMenu.Item className="menu-item" onSelect={() => onEditAlert(condition)}>
        Alert at {price} with more settings
      </ContextMenu.Item>
      <ContextMenu.Item
        className="menu-item"
        onSelect={() => void navigator.clipboard.writeText(level).catch(() => {})}
      >
        Copy {price}
      </ContextMenu.Item>
      <ContextMenu.Separator className="menu-line" />
    </>
  );
}
