import type { AppLife } from './app.ts';
import { KnownEvents } from './events.ts';
import { lacking, refuseUnknown } from './lacking.ts';

/** One entry of a menu. */
export interface MenuEntry {
  label?: string;
  type?: string;
  enabled?: boolean;
  click?: () => void;
}

/** What the tray shows now, for a test to look at. */
export interface TrayView {
  tooltip: string;
  menu: { label: string; enabled: boolean }[];
  /** Changes when the picture does. */
  icon: string;
}

/** A picture of `nativeImage`. */
export interface Image {
  readonly picture: string;
}

/** `electron.Tray`, `electron.Menu` and `electron.nativeImage`. */
export class DoubleTray {
  private tooltip = '';
  private icon = '';
  private entries: readonly MenuEntry[] = [];
  private readonly events = new KnownEvents('electron.Tray', ['click']);
  private readonly life: AppLife;
  private readonly report: (view: TrayView) => void;

  constructor(life: AppLife, report: (view: TrayView) => void) {
    this.life = life;
    this.report = report;
  }

  /** A click on the icon, or on the menu's entry called `label`. */
  click(label?: string): void {
    if (label === undefined) {
      this.events.fire('click');
      return;
    }
    const entry = this.entries.find(candidate => candidate.label === label && candidate.enabled !== false);
    if (entry?.click === undefined)
      throw new Error(`The tray's menu has nothing to click called "${label}".`);
    entry.click();
  }

  /** The class; `present: false` is a desktop without a tray. */
  trayClass(present: boolean) {
    const { life, events } = this;
    const setIcon = (image: Image): void => {
      if (typeof image.picture !== 'string')
        throw new TypeError('Argument must be a file path or a NativeImage');
      this.icon = image.picture;
      this.tell();
    };
    const facade = {
      setImage: setIcon,
      setToolTip: (text: string): void => {
        this.tooltip = text;
        this.tell();
      },
      setContextMenu: (menu: { entries: readonly MenuEntry[] }): void => {
        this.entries = menu.entries;
        this.tell();
      },
      on: (event: string, listener: () => void) => void events.on(event, listener),
    };
    function Tray(image: Image): typeof facade {
      life.needReady('Cannot create Tray before app is ready');
      if (!present) throw new Error('Failed to create a tray icon: there is no tray here');
      setIcon(image);
      return lacking('electron.Tray', facade);
    }
    return Tray as unknown as new (image: Image) => typeof facade;
  }

  menu() {
    return lacking('electron.Menu', {
      buildFromTemplate: (entries: readonly MenuEntry[]) => {
        for (const entry of entries) {
          refuseUnknown('a menu entry with', entry, ['label', 'type', 'enabled', 'click']);
          if (entry.label === undefined && entry.type !== 'separator') {
            throw new TypeError('Invalid template for MenuItem: must have label, role or type');
          }
        }
        return { entries };
      },
    });
  }

  nativeImage() {
    return lacking('electron.nativeImage', {
      createFromBitmap: (bitmap: Buffer, size: { width: number; height: number; scaleFactor?: number }) => {
        if (bitmap.byteLength !== size.width * size.height * 4) throw new Error('invalid buffer size');
        const picture = `${size.width}x${size.height}:${bitmap.toString('base64')}`;
        return lacking('electron.NativeImage', { picture });
      },
    });
  }

  private tell(): void {
    const menu = this.entries
      .filter(entry => entry.type !== 'separator')
      .map(entry => ({ label: entry.label ?? '', enabled: entry.enabled ?? true }));
    this.report({ tooltip: this.tooltip, menu, icon: this.icon });
  }
}
