import type { NativeImage } from 'electron';
import type { TrayLevel } from './tray-state.ts';

const SIZE = 32;
const RADIUS = 12;

/** Red, green and blue per state; told apart by lightness too. */
const COLOURS: Readonly<Record<TrayLevel, readonly [number, number, number]>> = {
  ok: [62, 201, 134],
  waiting: [240, 180, 60],
  down: [222, 66, 76],
};

/** A filled disc (a ring when something is broken, so that colour is not the only sign), drawn for displays at 2x. */
export function trayIcon(
  nativeImage: {
    createFromBitmap(
      bitmap: Buffer,
      options: { width: number; height: number; scaleFactor: number },
    ): NativeImage;
  },
  level: TrayLevel,
): NativeImage {
  return nativeImage.createFromBitmap(drawDisc(level), { width: SIZE, height: SIZE, scaleFactor: 2 });
}

/** Pixels as Electron wants them: blue, green, red, alpha, with the colours multiplied by alpha. */
export function drawDisc(level: TrayLevel): Buffer {
  const [red, green, blue] = COLOURS[level];
  const pixels = Buffer.alloc(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const distance = Math.hypot(x + 0.5 - SIZE / 2, y + 0.5 - SIZE / 2);
      const outside = clamp(RADIUS - distance + 0.5);
      const alpha = level === 'down' ? Math.min(outside, clamp(distance - RADIUS / 2 + 0.5)) : outside;
      const at = (y * SIZE + x) * 4;
      pixels[at] = blue * alpha;
      pixels[at + 1] = green * alpha;
      pixels[at + 2] = red * alpha;
      pixels[at + 3] = 255 * alpha;
    }
  }
  return pixels;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
