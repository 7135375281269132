import { useStore } from 'zustand/react';
import type { ReactElement } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { SourceStatus } from '../../shared/contract.ts';
import { useServices } from '../app/services.ts';
import { SOURCE_TONES, SOURCE_WORDS, sourceName } from '../state/names.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { Column } from '../table/column.ts';
import { compareNumbers, compareTexts } from '../table/compare.ts';
import { tableDefaults } from '../table/table-settings.ts';
import { Age, Until } from '../time/age.tsx';
import { formatCount, formatMs } from '../format/times.ts';
import { delayOf } from './source-delay.ts';

export const SOURCE_DEFAULTS = tableDefaults();

/** The columns of the sources. While nothing is heard from the engine a state is of before, and said to be unknown. */
export function sourceColumns(screen: StoreApi<ScreenState>): readonly Column<SourceStatus>[] {
  const delay = ({ name }: SourceStatus): number | null => delayOf(name, screen.getState().prices);
  const at = (time: number | null): string => (time === null ? '' : new Date(time).toISOString());
  return [
    {
      ...{ id: 'source', title: 'Source', width: 96, header: true },
      cell: ({ name }) => <span className="token">{sourceName(name)}</span>,
      text: ({ name }) => sourceName(name),
      compare: (a, b) => compareTexts(a.name, b.name),
    },
    {
      ...{ id: 'state', title: 'State', width: 96 },
      cell: source => <State source={source} />,
      text: ({ state }) => SOURCE_WORDS[state],
      compare: (a, b) => compareTexts(SOURCE_WORDS[a.state], SOURCE_WORDS[b.state]),
    },
    {
      ...{
        id: 'vouches',
        title: 'Vouches',
        hint: 'Tokens (pools, for a venue of pools) it stands behind now, of those asked of it',
        width: 66,
      },
      number: true,
      cell: ({ vouching, asked }) => `${vouching} of ${asked}`,
      text: ({ vouching, asked }) => `${vouching}/${asked}`,
      compare: (a, b) => compareNumbers(a.vouching, b.vouching),
    },
    {
      ...{
        id: 'heard',
        title: 'Heard',
        hint: 'Since anything valid was heard from it',
        width: 66,
        number: true,
      },
      cell: ({ lastHeardAt }) => (lastHeardAt === null ? 'never' : <Age since={lastHeardAt} />),
      text: ({ lastHeardAt }) => at(lastHeardAt),
      compare: (a, b) => compareNumbers(b.lastHeardAt, a.lastHeardAt),
    },
    {
      ...{ id: 'delay', title: 'Delay', width: 64, number: true, drop: 2, live: true },
      hint: 'From the venue’s own time of its prices to their publishing, by two clocks',
      cell: ({ name }) => <Delay name={name} />,
      text: source => String(delay(source) ?? ''),
      compare: (a, b) => compareNumbers(delay(a), delay(b)),
    },
    {
      ...{
        id: 'attempt',
        title: 'Next attempt',
        hint: 'Attempts in a row, and when the next is',
        width: 96,
        drop: 1,
      },
      number: true,
      cell: source => <Attempt source={source} />,
      text: ({ nextAttemptAt }) => at(nextAttemptAt),
      compare: (a, b) => compareNumbers(a.attempt, b.attempt),
    },
    {
      ...{
        id: 'accepted',
        title: 'Accepted',
        hint: 'Quotes taken since the start',
        width: 72,
        number: true,
        drop: 3,
      },
      cell: ({ accepted }) => formatCount(accepted),
      text: ({ accepted }) => String(accepted),
      compare: (a, b) => compareNumbers(a.accepted, b.accepted),
    },
    {
      ...{ id: 'refused', title: 'Refused', hint: 'Quotes that were not believed', width: 64, number: true },
      cell: ({ refused }) => <span data-warn={refused > 0}>{formatCount(refused)}</span>,
      text: ({ refused }) => String(refused),
      compare: (a, b) => compareNumbers(a.refused, b.refused),
    },
    {
      ...{
        id: 'products',
        title: 'Refused by name',
        hint: 'Products the venue does not know',
        width: 110,
        drop: 4,
      },
      cell: ({ refusedProducts }) => <Wide text={refusedProducts.join(', ')} />,
      text: ({ refusedProducts }) => refusedProducts.join(', '),
    },
    {
      ...{ id: 'message', title: 'What it says', width: 200, drop: 5 },
      cell: ({ message }) => <Wide text={message ?? ''} />,
      text: ({ message }) => message ?? '',
    },
  ];
}

function State({ source }: { source: SourceStatus }): ReactElement {
  const { vitals } = useServices();
  const current = useStore(vitals, state => state.connection === 'live');
  return (
    <span
      className="source-cell"
      data-tone={current ? SOURCE_TONES[source.state] : 'off'}
      title={source.message ?? undefined}
    >
      <span className="dot" /> {current ? SOURCE_WORDS[source.state] : 'unknown'}
    </span>
  );
}

function Attempt({ source }: { source: SourceStatus }): ReactElement {
  const { nextAttemptAt, attempt, state } = source;
  if (nextAttemptAt === null || state === 'live') return <>{attempt > 0 ? `after ${attempt}` : '—'}</>;
  return (
    <>
      {attempt + 1}. <Until at={nextAttemptAt} />
    </>
  );
}

function Delay({ name }: { name: string }): ReactElement {
  const { screen } = useServices();
  return <>{formatMs(useStore(screen, state => delayOf(name, state.prices)))}</>;
}

/** A text that may be longer than its column: all of it in the title. */
function Wide({ text }: { text: string }): ReactElement {
  return <span title={text === '' ? undefined : text}>{text === '' ? '—' : text}</span>;
}
