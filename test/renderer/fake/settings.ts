import type {
  SettingChanges,
  SettingField,
  SettingProblem,
  SettingsChange,
  SettingsView,
} from '../../../src/shared/settings.ts';

const field = (
  part: Partial<SettingField> & Pick<SettingField, 'name' | 'section' | 'label'>,
): SettingField => ({
  help: `What ${part.label} is for.`,
  keywords: [],
  kind: 'text',
  value: null,
  hidden: false,
  effective: part.fallback ?? null,
  from: 'default',
  locked: null,
  fallback: null,
  unit: null,
  min: null,
  max: null,
  whole: false,
  choices: [],
  applies: 'now',
  pending: false,
  ...part,
});

/** The settings of an invented engine: kept while the page lives, weighed in a few ways. */
export class FakeSettings {
  #asked = 0;
  #fields: SettingField[] = [
    field({
      name: 'sources',
      section: 'sources',
      label: 'Price sources',
      fallback: 'auto',
      choices: ['auto', 'kraken', 'coinbase', 'simulated'],
      keywords: ['venues'],
    }),
    field({
      name: 'jupiterApiKey',
      section: 'sources',
      label: 'API key of Jupiter',
      kind: 'secret',
      hidden: true,
      from: 'file',
      keywords: ['secret'],
    }),
    field({
      name: 'tokens',
      section: 'tokens',
      label: 'Watched tokens',
      kind: 'list',
      effective: ['SOL', 'USDC', 'BONK'],
      min: 1,
    }),
    field({
      name: 'updateEveryMs',
      section: 'rates',
      label: 'Write prices every',
      kind: 'number',
      unit: 'ms',
      fallback: 500,
      value: 250,
      effective: 250,
      from: 'file',
      min: 50,
      max: 60_000,
      whole: true,
      keywords: ['update rate'],
    }),
    field({
      name: 'redis',
      section: 'redis',
      label: 'Redis server',
      fallback: 'embedded',
      effective: 'redis://127.0.0.1:6379',
      from: 'flag',
      locked: 'Given with --redis: start Tenhertz without it to change this here.',
      applies: 'restart',
    }),
    field({
      name: 'postgres',
      section: 'ledger',
      label: 'Ledger (PostgreSQL)',
      fallback: 'embedded',
      choices: ['embedded', 'off'],
      applies: 'restart',
    }),
    field({
      name: 'ledger.modes',
      section: 'ledger',
      label: 'How channels are recorded',
      kind: 'rules',
      fallback: [],
      applies: 'restart',
    }),
    field({
      name: 'demo',
      section: 'program',
      label: 'Demo',
      kind: 'boolean',
      fallback: false,
      applies: 'restart',
    }),
    field({
      name: 'logLevel',
      section: 'program',
      label: 'How much is logged',
      kind: 'choice',
      fallback: 'info',
      choices: ['debug', 'info', 'warn'],
    }),
  ];

  /** In the scene without history the first reading fails too. */
  answer(command: string, args: Record<string, unknown>, failing: boolean): unknown {
    this.#asked += 1;
    if (failing && this.#asked === 1) throw new Error('The settings file cannot be read.');
    if (command === 'settings.read') return this.#view();
    const changes = args['changes'] as SettingChanges;
    const problems = Object.entries(changes).flatMap(([name, value]): SettingProblem[] =>
      typeof value === 'string' && value.includes('wrong')
        ? [{ field: name, message: `There is no ${value}.` }]
        : [],
    );
    if (command === 'settings.check') return problems;
    return this.#write(changes, problems);
  }

  #view(): SettingsView {
    return { fields: this.#fields, path: '/data/settings.json', problem: null };
  }

  #write(changes: SettingChanges, problems: SettingProblem[]): SettingsChange {
    const refused = Object.values(changes).includes('refuse')
      ? [{ field: Object.keys(changes)[0] ?? null, message: 'The engine refuses this.' }]
      : problems;
    if (refused.length > 0)
      return { saved: false, problems: refused, now: [], restart: [], settings: this.#view() };
    const ofKind = (applies: string): string[] =>
      this.#fields.flatMap(one =>
        Object.hasOwn(changes, one.name) && one.applies === applies ? [one.name] : [],
      );
    this.#fields = this.#fields.map(one => {
      const value = changes[one.name];
      if (value === undefined) return one;
      const secret = one.kind === 'secret';
      return {
        ...one,
        value: secret ? null : value,
        hidden: secret && value !== null,
        effective: one.applies === 'restart' || secret ? one.effective : (value ?? one.fallback),
        pending: one.applies === 'restart',
        from: value === null ? 'default' : 'file',
      };
    });
    return {
      saved: true,
      problems: [],
      now: ofKind('now'),
      restart: ofKind('restart'),
      settings: this.#view(),
    };
  }
}
