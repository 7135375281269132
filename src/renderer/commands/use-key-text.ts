import { useStore } from 'zustand/react';
import { useServices } from '../app/services.ts';
import { bindingOf, keyText } from './bindings.ts';

/** Whether this machine's main modifier is Command. */
export function isMac(): boolean {
  return /mac/i.test(navigator.userAgent);
}

/** The key of a command, for people; `null` when it has none. */
export function useKeyText(id: string): string | null {
  const { commands, keys } = useServices();
  const command = useStore(commands.store, state => state.commands.find(one => one.id === id));
  const overrides = useStore(keys.store, state => state.overrides);
  const binding = command === undefined ? null : bindingOf(command, overrides);
  return binding === null ? null : keyText(binding, isMac());
}
