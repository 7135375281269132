import type { Layouts } from './layouts.ts';

/** The largest file that is read as a layout, bytes. */
const LARGEST = 1024 * 1024;

/** Hands a layout to the browser as a file to keep. */
export function exportLayout(layouts: Layouts, name: string): void {
  const blob = new Blob([layouts.exported(name)], { type: 'application/json' });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name.replace(/[^\w-]+/g, '-').toLowerCase() || 'layout'}.tenhertz-layout.json`;
  link.click();
  URL.revokeObjectURL(address);
}

/** Lets the trader choose a file and takes the layout in it; a file that is none is refused with a notice. */
export function importLayout(layouts: Layouts): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file !== undefined) void takeFile(layouts, file);
  });
  input.click();
}

/** Takes the layout in a file. */
export async function takeFile(layouts: Layouts, file: Pick<File, 'size' | 'text'>): Promise<void> {
  if (file.size > LARGEST) {
    layouts.say('This file is too large to be a layout.');
    return;
  }
  const refusal = layouts.imported(await file.text());
  layouts.say(refusal);
}
