import { zstdDecompressSync } from 'node:zlib';
import type pg from 'pg';

/** Begins what zstd has compressed (RFC 8878, 3.1.1). */
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Words shorter than this come about by chance. */
const BASE64_CHARS_MIN = 8;

/** Whether a value holds a word: as it is, compressed, or as base64 within a text. */
function holds(value: Buffer, word: string): boolean {
  if (value.includes(word)) return true;
  if (value.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC)) return zstdDecompressSync(value).includes(word);
  const candidates = value.toString('latin1').match(/[A-Za-z0-9+/]+={0,2}/g) ?? [];
  return candidates.some((text) => text.length >= BASE64_CHARS_MIN && Buffer.from(text, 'base64').includes(word));
}

/**
 * Where a word is still to be found: `table.column` of every value of the whole database that holds it, whatever the type.
 * @param database As a superuser, past row-level security.
 */
export async function tracesOf(database: pg.Pool, word: string): Promise<readonly string[]> {
  const { rows: columns } = await database.query<{ table: string; column: string; type: string }>(`
    select format('%I.%I', n.nspname, c.relname) as table, a.attname as column, t.typname as type
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid
    where a.attnum > 0 and not a.attisdropped and n.nspname !~ '^(pg_|information_schema)'
      and t.typname in ('text', 'varchar', 'bytea', 'json', 'jsonb', 'tsvector', '_text', '_varchar', '_bytea')
    order by 1, 2`);
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const bytes = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
    const { rows } = await database.query<{ value: Buffer }>(
      `select ${bytes} as value from ${table} where "${column}" is not null`,
    );
    // Words of a tsvector are in lower case.
    const wanted = type === 'tsvector' ? word.toLowerCase() : word;
    if (rows.some(({ value }) => holds(value, wanted))) found.push(`${table}.${column}`);
  }
  return found;
}
