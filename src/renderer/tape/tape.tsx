import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import type { PaneProps } from '../desk/pane-kind.ts';
import { usePaneSettings } from '../desk/pane-settings.ts';
import { PaneTools } from '../desk/pane-tools.tsx';
import { filterNewest, fromNewest } from '../state/log.ts';
import { TRADES_KEPT } from '../state/screen-state.ts';
import { SMALL_BELOW, type Trade } from '../state/trade.ts';
import { formatCount } from '../format/times.ts';
import { PauseIcon, PlayIcon } from '../top-bar/icons.tsx';
import { useCopy } from '../table/use-copy.ts';
import { useCalmTrades } from './calm-trades.ts';
import { TAPE_DEFAULTS, TAPE_FILE, tapeFilter } from './tape-filter.ts';
import { TapeFilterBar } from './tape-filter-bar.tsx';
import { TapeNoticeBar } from './tape-notice-bar.tsx';
import { TradeRow } from './trade-row.tsx';
import { usePause } from './use-pause.ts';
import './tape.css';

/** Height of a row in px (design: look, rhythm); the style sheet says the same. */
const ROW = 22;

const COLUMNS = ['Time', 'Token', 'Side', 'Amount', 'Price', 'Value'] as const;

const NUMBERS: ReadonlySet<string> = new Set(['Amount', 'Price', 'Value']);

/** Rows as they will be, before the first snapshot. */
const OUTLINES = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * The trade tape: every trade of the followed channels, newest first. It stands still while it is looked at closely;
 * nothing is lost meanwhile, the bar below says how much waits.
 */
export function Tape({ paneId }: PaneProps): ReactElement {
  const { screen, clock } = useServices();
  const trades = useCalmTrades(screen, clock);
  const generation = useStore(screen, state => state.generation);
  const started = useStore(screen, state => state.status !== null);
  const [settings, change] = usePaneSettings(paneId, TAPE_DEFAULTS);
  const { hideSmall, open } = settings;
  const pause = usePause(screen);
  const shown = pause.held?.trades ?? trades;
  const wanted = useMemo(() => tapeFilter(settings), [settings]);
  const large = useMemo(() => (wanted === null ? null : filterNewest(shown, wanted)), [wanted, shown]);
  const copy = useCopy('Trade tape', TAPE_FILE);
  // The log holds some more between two of its prunings; a list of one height costs the browser less.
  const rows = {
    count: large?.length ?? Math.min(shown.size, TRADES_KEPT),
    at: (index: number) => rowAt(index),
  };
  function rowAt(index: number): Trade | undefined {
    return large === null ? fromNewest(shown, index) : large[index];
  }
  const fresh =
    pause.held === null || pause.held.generation !== generation
      ? null
      : trades.total - pause.held.trades.total;
  return (
    <div className="tape" data-paused={pause.held !== null} data-total={trades.total}>
      <PaneTools>
        <span className="tape-tools">
          <button
            type="button"
            className="chip"
            aria-pressed={hideSmall}
            title={`Leave out trades below $${SMALL_BELOW}`}
            onClick={() => change({ hideSmall: !hideSmall })}
          >
            ≥ ${SMALL_BELOW}
          </button>
          <button
            type="button"
            className="chip"
            aria-expanded={open}
            aria-pressed={wanted !== null}
            onClick={() => change({ open: !open })}
          >
            Filter
          </button>
          <button
            type="button"
            className="icon-button"
            aria-pressed={pause.pressed}
            aria-label="Pause the trade tape"
            title={pause.pressed ? 'Let the trade tape run' : 'Pause the trade tape'}
            onClick={pause.toggle}
          >
            {pause.pressed ? <PlayIcon /> : <PauseIcon />}
          </button>
        </span>
      </PaneTools>
      {open && (
        <TapeFilterBar
          {...{ settings, change }}
          save={() => copy.csv(large ?? filterNewest(shown, () => true))}
          said={copy.said}
        />
      )}
      <TapeNoticeBar />
      <div className="tape-body" {...pause.listeners}>
        <Rows rows={rows} total={large === null ? shown.total : null} held={pause.held !== null} />
        {!started && rows.count === 0 && <Outlines />}
        {started && rows.count === 0 && (
          <Empty filtered={shown.size > 0} small={tapeFilter({ ...settings, hideSmall: false }) === null} />
        )}
        {pause.held !== null && (
          <p className="tape-paused">
            <span>
              {fresh === null ? 'Paused · the list started anew' : `Paused · ${formatCount(fresh)} new`}
            </span>
            <button type="button" className="text-button" onClick={pause.resume}>
              Resume
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

interface RowSource {
  count: number;
  at: (index: number) => Trade | undefined;
}

/** `total`: how many trades there ever were, which makes the row's element reusable; `null` for a filtered list. */
function Rows({ rows, total, held }: { rows: RowSource; total: number | null; held: boolean }): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- no React Compiler runs, and nothing is memoised on it
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 3,
  });
  // Running means the newest is in sight: whoever scrolled while it was paused is taken back.
  useEffect(() => {
    if (!held) scroller.current?.scrollTo(0, 0);
  }, [held]);
  const items = virtual.getVirtualItems();
  const turned = useTurns(total ?? 0, items.length);
  return (
    <div className="tape-table" role="table" aria-label="Trades" aria-rowcount={rows.count + 1}>
      <div className="tape-head trade-grid" role="row" aria-rowindex={1}>
        {COLUMNS.map(column => (
          <span key={column} role="columnheader" className={NUMBERS.has(column) ? 'number' : ''}>
            {column}
          </span>
        ))}
      </div>
      <div
        className="tape-scroll"
        role="rowgroup"
        aria-label="Trades, newest first"
        tabIndex={0}
        ref={scroller}
      >
        <div role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
          {items.map(({ index, start }) => {
            const trade = rows.at(index);
            if (trade === undefined) return null;
            const key = total === null ? trade.eventId : (turned + TRADES_KEPT - index) % items.length;
            return <TradeRow key={key} trade={trade} top={start} index={index} held={held} />;
          })}
        </div>
      </div>
    </div>
  );
}

/**
 * By how many places `rows` elements have gone round: a row that leaves at the bottom is the one that comes in at the top. Where
 * more came at once than are shown, each stays where it is and shows another trade.
 */
function useTurns(total: number, rows: number): number {
  const [turn, setTurn] = useState({ total, turned: 0 });
  if (turn.total === total) return turn.turned;
  const added = total - turn.total;
  const turned = turn.turned + (added > 0 && added < rows ? added : 0);
  setTurn({ total, turned });
  return turned;
}

function Outlines(): ReactElement {
  return (
    <div className="tape-outlines" aria-hidden="true">
      {OUTLINES.map(row => (
        <div key={row} className="tape-outline">
          {COLUMNS.map(column => (
            <span key={column} className={NUMBERS.has(column) ? 'number' : ''}>
              <span className="skeleton" />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

function Empty({ filtered, small }: { filtered: boolean; small: boolean }): ReactElement {
  return (
    <p className="pane-empty">
      {filtered && !small ? (
        <>
          <strong>No trade passes the filter yet.</strong> Clear it to see all of them.
        </>
      ) : filtered ? (
        <>
          <strong>No trade of ${SMALL_BELOW} or more yet.</strong> Smaller ones are left out.
        </>
      ) : (
        <>
          <strong>No trades yet.</strong> Publish to <code>trade-events</code> or <code>trades:…</code> to see
          them here.
        </>
      )}
    </p>
  );
}
