import pg, { type CustomTypesConfig } from 'pg';

const { JSON: JSON_TYPE, JSONB } = pg.types.builtins;

/**
 * How columns are read: as `pg` does it (64-bit numbers and decimals stay text, times become `Date`), except that JSON which
 * JavaScript cannot read comes as its text, in place of an error that would lose the whole answer.
 */
export const parseColumns: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    format !== 'binary' && (oid === Number(JSON_TYPE) || oid === Number(JSONB))
      ? parseJson
      : pg.types.getTypeParser(oid, format as 'text')) as CustomTypesConfig['getTypeParser'],
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
