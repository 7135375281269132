import type { StoreApi } from 'zustand/vanilla';
import type { Link } from '../bridge/link.ts';
import { createCommands, type Commands } from '../commands/command.ts';
import { deskCommands } from '../commands/desk-commands.ts';
import { createKeys, type Keys } from '../commands/keys.ts';
import { keepLayoutCommands } from '../commands/layout-commands.ts';
import { screenCommands } from '../commands/screen-commands.ts';
import type { Dock } from '../desk/dock-port.ts';
import { createDock } from '../desk/dock.ts';
import { createLayouts, type Layouts } from '../layouts/layouts.ts';
import { createDeskDocuments } from '../state/desk-documents.ts';
import type { DeskState } from '../state/desk-state.ts';
import type { ScreenState } from '../state/screen-state.ts';
import type { ViewState } from '../state/view-store.ts';
import { keepScreenDocument } from '../theme/theme.ts';
import type { Cancel, Clock } from '../time/clock.ts';

/** Starts what the trader arranges: layouts, panes, commands, keys, and their documents with the engine. */
export function startDesk(deps: {
  window: Window;
  clock: Clock;
  link: Link;
  view: StoreApi<ViewState>;
  desk: StoreApi<DeskState>;
  screen: StoreApi<ScreenState>;
}): { layouts: Layouts; dock: Dock; commands: Commands; keys: Keys; stop: Cancel } {
  const { window, clock, link, view, desk, screen } = deps;
  const documents = createDeskDocuments(link, clock);
  const notSaved = (message: string): void => layouts.say(`The desk is not saved: ${message}`);
  const layouts: Layouts = createLayouts(desk, documents.open('layouts', notSaved));
  const dock = createDock(notice => layouts.say(notice));
  const commands = createCommands();
  const keys = createKeys(commands, documents.open('keys', notSaved));
  const look = keepScreenDocument(view, documents.open('screen', notSaved));
  commands.add(screenCommands(view, dock));
  commands.add(deskCommands({ desk, dock, screen }));
  const undo = [
    keepLayoutCommands(commands, layouts, view),
    keys.listen(window),
    link.onConnect(() => {
      void layouts.load();
      void look.load();
      void keys.load();
    }),
    () => layouts.stop(),
    () => look.stop(),
    () => documents.stop(),
  ];
  const onHide = (): void => documents.stop();
  window.addEventListener('pagehide', onHide);
  undo.push(() => window.removeEventListener('pagehide', onHide));
  return {
    layouts,
    dock,
    commands,
    keys,
    stop: () => {
      for (const cancel of undo) cancel();
    },
  };
}
