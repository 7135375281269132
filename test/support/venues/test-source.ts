import { createMetrics, type Metrics } from '../../../src/main/engine/health/metrics.ts';
import { silentLogger } from '../../../src/main/engine/logger.ts';
import {
  createSources,
  parseSources,
  type SourceDeps,
} from '../../../src/main/engine/sources/source-list.ts';
import type { Source } from '../../../src/main/engine/sources/source.ts';
import { resolveTokens } from '../../../src/main/engine/sources/tokens.ts';
import { systemClock } from '../../../src/main/engine/clock.ts';

/** A source under test and what it counted. */
export interface TestSource {
  source: Source;
  metrics: Metrics;
  /** `source_quotes_total` by result. */
  counted: () => Promise<Record<string, number>>;
  /** The newest price of a token as text, valid or not. */
  price: (token: string) => string | undefined;
}

/** Makes one source the way the program does, pointed at a local venue, quiet, with instruments of its own. */
export function testSource(
  kind: 'coinbase' | 'kraken' | 'jupiter',
  url: string,
  { tokens, ...more }: Partial<Omit<SourceDeps, 'tokens'>> & { tokens?: string[] } = {},
): TestSource {
  const metrics = createMetrics();
  const [source] = createSources(parseSources(kind), {
    tokens: resolveTokens(tokens),
    clock: systemClock,
    log: silentLogger,
    metrics,
    venueUrls: { [kind]: url },
    random: () => 0,
    ...more,
  });
  if (source === undefined) throw new Error(`no source ${kind}`);
  return {
    source,
    metrics,
    counted: async () => {
      const { values } = await metrics.sourceQuotes.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.result), value]));
    },
    price: token => source.observation(token)?.price.toFixed(),
  };
}
