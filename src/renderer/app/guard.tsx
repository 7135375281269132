import { Component, type ReactElement, type ReactNode } from 'react';
import './guard.css';

interface GuardProps {
  /** What it stands around, as the trader calls it. */
  name: string;
  children: ReactNode;
}

/**
 * Keeps a fault in one part of the screen from taking the others with it: in its place stands what went wrong and a way to draw
 * it again. The fault itself is reported on the console.
 */
export class Guard extends Component<GuardProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactElement | ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="guard" role="alert">
        <p>
          {this.props.name} could not be drawn: {error.message}
        </p>
        <button type="button" className="text-button" onClick={() => this.setState({ error: null })}>
          Draw it again
        </button>
      </div>
    );
  }
}
