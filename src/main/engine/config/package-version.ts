import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in the `package.json` of `rootDir` (the checkout, or the package the program was installed as). */
export function packageVersion(rootDir: string): string {
  const content: unknown = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));
  const version =
    typeof content === 'object' && content !== null && 'version' in content ? content.version : '';
  return typeof version === 'string' ? version : '';
}
