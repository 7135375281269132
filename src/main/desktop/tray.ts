import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/logger.ts';
import { trayIcon } from './tray-icon.ts';
import { trayState, type TrayState } from './tray-state.ts';

/** How often the state is looked at. */
const LOOK_EVERY_MS = 1_000;

/** Electron's part in the tray. */
export interface TrayParts {
  Tray: new (image: NativeImage) => Pick<Tray, 'setImage' | 'setToolTip' | 'setContextMenu' | 'on'>;
  Menu: { buildFromTemplate(template: MenuItemConstructorOptions[]): Menu };
  nativeImage: Parameters<typeof trayIcon>[0];
}

/**
 * The tray's icon (by worst state) and menu: the state in words, open, quit. `present` is false where there is no tray; the
 * app then works without. Without `onOpen` (updater only) there is nothing to open.
 */
export function createTray(
  deps: TrayParts & {
    engine: Pick<Engine, 'status'>;
    clock: Clock;
    log: Logger;
    onOpen: (() => void) | undefined;
    onQuit: () => void;
  },
): { readonly present: boolean } {
  const { engine, clock, log, onOpen, onQuit } = deps;
  let shown: TrayState = trayState(engine.status());
  let tray: InstanceType<TrayParts['Tray']>;
  try {
    tray = new deps.Tray(trayIcon(deps.nativeImage, shown.level));
  } catch (error) {
    log.warn({ err: error }, 'there is no tray here; closing the window ends the app');
    return { present: false };
  }
  const show = (): void => {
    const open: MenuItemConstructorOptions[] = onOpen ? [{ label: 'Open Tenhertz', click: onOpen }] : [];
    tray.setToolTip(`Tenhertz: ${shown.line}`);
    tray.setContextMenu(
      deps.Menu.buildFromTemplate([
        { label: shown.line, enabled: false },
        { type: 'separator' },
        ...open,
        { label: 'Quit', click: onQuit },
      ]),
    );
  };
  show();
  if (onOpen) tray.on('click', onOpen);
  clock.every(LOOK_EVERY_MS, () => {
    const state = trayState(engine.status());
    if (state.level !== shown.level) tray.setImage(trayIcon(deps.nativeImage, state.level));
    // Setting the menu closes it on some systems: only when it says something new.
    const changed = state.line !== shown.line;
    shown = state;
    if (changed) show();
  });
  return { present: true };
}
