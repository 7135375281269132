import type { ReactElement } from 'react';

/** A text with the words of a search marked. */
export function Highlight({ text, search }: { text: string; search: string }): ReactElement {
  const words = search.split(/\s+/).filter(word => word !== '');
  if (words.length === 0) return <>{text}</>;
  const pattern = new RegExp(
    `(${words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`,
    'gi',
  );
  return (
    <>
      {text.split(pattern).map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))}
    </>
  );
}
