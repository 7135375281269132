import { useRef, type KeyboardEvent, type ReactElement } from 'react';

/** The ids that tie a tab to its panel. */
export function tabIds(name: string, id: string): { tab: string; panel: string } {
  return { tab: `${name}-tab-${id}`, panel: `${name}-panel-${id}` };
}

/** Tabs as assistive technology knows them: one is reached with Tab, the others with the arrow keys, Home and End. */
export function Tabs<Id extends string>({
  name,
  label,
  tabs,
  selected,
  onSelect,
  onRename,
}: {
  /** Prefix of the ids; see {@link tabIds}. */
  name: string;
  label: string;
  tabs: readonly { id: Id; label: string }[];
  selected: Id;
  onSelect: (id: Id) => void;
  /** A double click on the selected tab, where tabs can be renamed. */
  onRename?: () => void;
}): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = tabs.findIndex(tab => tab.id === selected);
    const target = tabAfterKey(event.key, index, tabs.length);
    const next = target === null ? undefined : tabs[target];
    if (target === null || next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    list.current?.querySelectorAll('button')[target]?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {tabs.map(tab => {
        const ids = tabIds(name, tab.id);
        const current = tab.id === selected;
        return (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={ids.tab}
            aria-selected={current}
            aria-controls={current ? ids.panel : undefined}
            tabIndex={current ? 0 : -1}
            onClick={() => onSelect(tab.id)}
            onDoubleClick={() => current && onRename?.()}
          >
            {tab.label}
          </button>
        );
      })}
    </div>
  );
}

/** The tab a key leads to, around the ends; `null` when the key means nothing here. */
export function tabAfterKey(key: string, index: number, count: number): number | null {
  if (key === 'ArrowRight') return (index + 1) % count;
  if (key === 'ArrowLeft') return (index + count - 1) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
