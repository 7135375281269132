import { useCallback, useState } from 'react';
import { useServices } from '../app/services.ts';
import { fileName, saveText, toCsv, toTsv, type Written } from './export-table.ts';

/** How long a table says what it has done. */
const SAID_MS = 2_500;

/** Copies and saves what a table shows, and says so, or why not. */
export interface Copy<Row> {
  /** The last thing done, for a moment; empty otherwise. */
  said: string;
  text: (text: string, what: string) => void;
  rows: (rows: readonly Row[], titles: boolean) => void;
  csv: (rows: readonly Row[]) => void;
}

/** @param label of the table; becomes the file's name */
export function useCopy<Row>(label: string, columns: readonly Written<Row>[]): Copy<Row> {
  const { clock, ticker } = useServices();
  const [said, setSaid] = useState('');
  const say = useCallback(
    (words: string) => {
      setSaid(words);
      clock.after(SAID_MS, () => setSaid(now => (now === words ? '' : now)));
    },
    [clock],
  );
  const text = (content: string, what: string): void => {
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(content))
      .then(
        () => say(`Copied ${what}`),
        () => say('The browser did not allow copying'),
      );
  };
  return {
    said,
    text,
    rows: (rows, titles) => text(toTsv(columns, rows, titles), titles ? `${rows.length} rows` : 'the row'),
    csv: rows => {
      const name = fileName(label, ticker.now());
      toCsv(columns, rows).then(
        content => {
          saveText(document, name, content);
          say(`Saved ${rows.length} rows as ${name}`);
        },
        () => say('The file could not be made'),
      );
    },
  };
}
