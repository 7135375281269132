/** The oldest Node the program runs on; `engines` in package.json says the same. */
export const OLDEST_NODE = '20.19.0';

/**
 * What to tell somebody whose Node is too old; `undefined` when it is new enough.
 *
 * @param {string} version as in `process.versions.node`
 * @param {string} [oldest]
 * @returns {string | undefined}
 */
export function refuseNode(version, oldest = OLDEST_NODE) {
  const have = version.split('.').map(Number);
  const want = oldest.split('.').map(Number);
  for (const [place, wanted] of want.entries()) {
    const own = have[place] ?? 0;
    if (own > wanted) return undefined;
    if (own < wanted) {
      return `Tenhertz needs Node ${oldest} or newer; this is Node ${version}. Install a newer one from https://nodejs.org and run this again.`;
    }
  }
  return undefined;
}
