import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/main/engine/health/metrics.ts';

it("has the program's own instruments and those of the process, apart for each engine", async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.eventsPublished.inc({ channel: 'trade-events' }, 3);
  const text = await one.registry.metrics();
  expect(text).toContain('tenhertz_events_published_total{channel="trade-events"} 3');
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_seconds',
    'nodejs_heap_size_used_bytes',
    'nodejs_gc_duration_seconds',
  ]) {
    expect(text).toContain(`# TYPE ${name}`);
  }
  expect(await two.registry.metrics()).not.toContain('channel="trade-events"');
});
