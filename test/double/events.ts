import { EventEmitter } from 'node:events';
import { NotInTheDouble } from './lacking.ts';

/** The event object of Electron's events that can be refused. */
export interface DoubleEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

/** Makes one; `facts` are the properties of that event. */
export function makeEvent<T extends object>(facts: T): T & DoubleEvent {
  let prevented = false;
  return Object.assign(
    Object.defineProperty({} as DoubleEvent, 'defaultPrevented', { get: () => prevented, enumerable: true }),
    { preventDefault: () => void (prevented = true) },
    facts,
  );
}

type Listener = (...args: never[]) => void;

/** Emits only the events it is told of; listening to any other throws by name, because it would never come. */
export class KnownEvents {
  private readonly emitter = new EventEmitter();
  private readonly owner: string;
  private readonly known: readonly string[];

  constructor(owner: string, known: readonly string[]) {
    this.owner = owner;
    this.known = known;
  }

  on(event: string, listener: Listener): this {
    this.check(event);
    this.emitter.on(event, listener as (...args: unknown[]) => void);
    return this;
  }

  once(event: string, listener: Listener): this {
    this.check(event);
    this.emitter.once(event, listener as (...args: unknown[]) => void);
    return this;
  }

  /** For the double itself; not part of Electron's API the app uses. */
  fire(event: string, ...args: unknown[]): void {
    this.check(event);
    this.emitter.emit(event, ...args);
  }

  listens(event: string): boolean {
    return this.emitter.listenerCount(event) > 0;
  }

  private check(event: string): void {
    if (!this.known.includes(event)) throw new NotInTheDouble(`${this.owner} event "${event}"`);
  }
}
