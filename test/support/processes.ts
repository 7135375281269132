import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';

/** Whether the process runs. One that ended counts no more, even where nobody waits for orphans (a container). */
export function alive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Processes whose command line names `text`. */
export async function processesOf(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (Number(pid) !== process.pid && line.includes(text))
      found.push(`${pid} ${line.replaceAll('\0', ' ')}`);
  }
  return found;
}
