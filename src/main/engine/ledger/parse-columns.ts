import pg, { type CustomTypesConfig } from 'pg';

/**
 * How columns are read: as `pg` does it (64-bit numbers and decimals stay text, times become `Date`), except that JSON which
 * JavaScript cannot read comes as its text, in place of an error that would lose the whole answer.
 */
export const parseColumns: CustomTypesConfig = ((): CustomTypesConfig => {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.JSON, parseJson);
  types.setTypeParser(pg.types.builtins.JSONB, parseJson);
  return types;
})();

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
