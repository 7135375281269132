import type { ReactElement } from 'react';
import { useStore } from 'zustand/react';
import type { AlertCondition } from '../../shared/alerts.ts';
import { useServices } from '../app/services.ts';
import { fullPrice } from '../format/prices.ts';
import type { Faults } from './draft-form.ts';
import { Choice, LengthField, TextField } from './form-parts.tsx';

interface Props<C extends AlertCondition> {
  condition: C;
  faults: Faults;
  onChange: (condition: AlertCondition) => void;
}

type Of<K extends AlertCondition['kind']> = Extract<AlertCondition, { kind: K }>;

/** What a rule waits for, field by field. */
export function ConditionFields(props: Props<AlertCondition>): ReactElement {
  const { condition } = props;
  switch (condition.kind) {
    case 'price':
      return <PriceFields {...props} condition={condition} />;
    case 'move':
      return <MoveFields {...props} condition={condition} />;
    case 'pnl':
      return <PnlFields {...props} condition={condition} />;
    case 'volume':
      return <VolumeFields {...props} condition={condition} />;
    case 'position':
      return <PositionFields {...props} condition={condition} />;
    case 'stale':
      return (
        <>
          <TokenField {...props} token={condition.token} set={token => ({ ...condition, token })} />
          <LengthField
            {...{ label: 'Longer than', name: 'window', smallest: 's', faults: props.faults }}
            ms={condition.afterMs}
            onChange={afterMs => props.onChange({ ...condition, afterMs })}
          />
        </>
      );
    case 'lag':
      return (
        <LengthField
          {...{ label: 'More than', name: 'window', smallest: 'ms', faults: props.faults }}
          ms={condition.aboveMs}
          onChange={aboveMs => props.onChange({ ...condition, aboveMs })}
        />
      );
    case 'source':
      return <SourceField {...props} condition={condition} />;
  }
}

function TokenField(props: {
  token: string | null;
  any?: string;
  faults: Faults;
  onChange: (condition: AlertCondition) => void;
  set: (token: string) => AlertCondition;
}): ReactElement {
  const { screen } = useServices();
  const tokens = useStore(screen, state => state.tokens);
  const price = useStore(screen, state => state.prices.get(props.token ?? '')?.price ?? null);
  const hint = price === null ? props.any : `Now ${fullPrice(price)}`;
  return (
    <TextField
      {...{ label: 'Token', name: 'token', faults: props.faults, hint, list: tokens }}
      value={props.token ?? ''}
      onChange={token => props.onChange(props.set(token.trim()))}
    />
  );
}

function PriceFields({ condition, faults, onChange }: Props<Of<'price'>>): ReactElement {
  return (
    <>
      <TokenField
        {...{ faults, onChange }}
        token={condition.token}
        set={token => ({ ...condition, token })}
      />
      <Choice
        label="Direction"
        value={condition.direction}
        options={[
          ['cross', 'crosses, from either side'],
          ['above', 'rises to'],
          ['below', 'falls to'],
        ]}
        onChange={direction => onChange({ ...condition, direction })}
      />
      <TextField
        {...{ label: 'Level', name: 'level', faults, decimal: true, unit: 'USD' }}
        value={condition.level}
        onChange={level => onChange({ ...condition, level })}
      />
    </>
  );
}

function MoveFields({ condition, faults, onChange }: Props<Of<'move'>>): ReactElement {
  return (
    <>
      <TokenField
        {...{ faults, onChange }}
        token={condition.token}
        set={token => ({ ...condition, token })}
      />
      <Choice
        label="Direction"
        value={condition.direction}
        options={[
          ['either', 'up or down'],
          ['up', 'up'],
          ['down', 'down'],
        ]}
        onChange={direction => onChange({ ...condition, direction })}
      />
      <TextField
        {...{ label: 'By', name: 'percent', faults, decimal: true, unit: '%' }}
        value={condition.percent}
        onChange={percent => onChange({ ...condition, percent })}
      />
      <LengthField
        {...{ label: 'Within', name: 'window', smallest: 's', faults }}
        ms={condition.windowMs}
        onChange={windowMs => onChange({ ...condition, windowMs })}
      />
    </>
  );
}

function PnlFields({ condition, faults, onChange }: Props<Of<'pnl'>>): ReactElement {
  return (
    <>
      <TokenField
        {...{ faults, onChange, any: 'Leave empty for all positions together.' }}
        token={condition.token}
        set={token => ({ ...condition, token: token === '' ? null : token })}
      />
      <Choice
        label="Which"
        value={condition.which}
        options={[
          ['total', 'realised and unrealised'],
          ['unrealised', 'unrealised only'],
        ]}
        onChange={which => onChange({ ...condition, which })}
      />
      <Choice
        label="Direction"
        value={condition.direction}
        options={[
          ['below', 'falls to'],
          ['above', 'rises to'],
        ]}
        onChange={direction => onChange({ ...condition, direction })}
      />
      <TextField
        {...{ label: 'Level', name: 'level', faults, decimal: true, unit: 'USD' }}
        value={condition.level}
        onChange={level => onChange({ ...condition, level })}
      />
    </>
  );
}

function VolumeFields({ condition, faults, onChange }: Props<Of<'volume'>>): ReactElement {
  return (
    <>
      <TokenField
        {...{ faults, onChange }}
        token={condition.token}
        set={token => ({ ...condition, token })}
      />
      <TextField
        {...{ label: 'More than', name: 'above', faults, decimal: true }}
        value={condition.above}
        onChange={above => onChange({ ...condition, above })}
      />
      <Choice
        label="Counted in"
        value={condition.unit}
        options={[
          ['quote', 'US dollars paid'],
          ['base', 'tokens traded'],
        ]}
        onChange={unit => onChange({ ...condition, unit })}
      />
      <LengthField
        {...{ label: 'Within', name: 'window', smallest: 's', faults }}
        ms={condition.windowMs}
        onChange={windowMs => onChange({ ...condition, windowMs })}
      />
    </>
  );
}

function PositionFields({ condition, faults, onChange }: Props<Of<'position'>>): ReactElement {
  return (
    <>
      <TokenField
        {...{ faults, onChange, any: 'Leave empty for any position.' }}
        token={condition.token}
        set={token => ({ ...condition, token: token === '' ? null : token })}
      />
      <Choice
        label="What happens"
        value={condition.change}
        options={[
          ['opened', 'is opened'],
          ['closed', 'is closed'],
          ['changed', 'changes by more than'],
        ]}
        onChange={change => onChange({ ...condition, change })}
      />
      {condition.change === 'changed' && (
        <TextField
          {...{ label: 'Amount', name: 'by', faults, decimal: true, unit: 'tokens' }}
          value={condition.by}
          onChange={by => onChange({ ...condition, by })}
        />
      )}
    </>
  );
}

function SourceField({ condition, onChange }: Props<Of<'source'>>): ReactElement {
  const { screen } = useServices();
  const sources = useStore(screen, state => state.status?.sources ?? null);
  const names = [...new Set([...(sources ?? []).map(({ name }) => name), condition.source ?? ''])];
  return (
    <Choice
      label="Source"
      value={condition.source ?? ''}
      options={[['', 'whichever'], ...names.filter(name => name !== '').map(name => [name, name] as const)]}
      onChange={source => onChange({ ...condition, source: source === '' ? null : source })}
    />
  );
}
