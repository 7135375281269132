import type { ReactElement, ReactNode } from 'react';

/** One named value of the health pane. */
export function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <p className="fact">
      <span className="fact-name">{name}</span>
      <span className="fact-value">{children}</span>
    </p>
  );
}
