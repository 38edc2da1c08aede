import { type TSchema, Type } from 'typebox';
import { BYTES_KEYWORD } from '../schema/index.ts';

/** Bytes in a call. Within a process they travel as they are; in JSON between processes they are base64. */
export const CallBytes = (description: string) => Type.Unsafe<Uint8Array>({ description, [BYTES_KEYWORD]: true });

/** A value of a call as JSON can carry it. */
export const withTextForBytes = (schema: TSchema, value: unknown): unknown => mapped(schema, value, toText);

/** A value of a call as JSON has carried it. What stands for bytes and is no text stays, for the contract to refuse. */
export const withBytesForText = (schema: TSchema, value: unknown): unknown => mapped(schema, value, toBytes);

const toText = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') : value;

const toBytes = (value: unknown): unknown => (typeof value === 'string' ? Buffer.from(value, 'base64') : value);

type Change = (value: unknown) => unknown;
type Mapper = (value: unknown, change: Change) => unknown;

const mappers = new WeakMap<TSchema, Mapper | 'as it is'>();

function mapped(schema: TSchema, value: unknown, change: Change): unknown {
  let mapper = mappers.get(schema);
  if (mapper === undefined) {
    mapper = mapperOf(schema) ?? 'as it is';
    mappers.set(schema, mapper);
  }
  return mapper === 'as it is' ? value : mapper(value, change);
}

/** The parts of a schema that are read here. Bytes stand in objects and lists, and nowhere else. */
interface Parts {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

/** What changes the bytes in values of a schema; null when there are none. */
function mapperOf(schema: TSchema): Mapper | null {
  if (BYTES_KEYWORD in schema) return (value, change) => change(value);
  const { properties, items } = schema as Parts;
  if (items !== undefined) {
    const ofItem = mapperOf(items);
    return ofItem && ((value, change) => (Array.isArray(value) ? value.map((item) => ofItem(item, change)) : value));
  }
  const members = Object.entries(properties ?? {}).flatMap(([name, part]) => {
    const ofMember = mapperOf(part);
    return ofMember === null ? [] : [[name, ofMember] as const];
  });
  if (members.length === 0) return null;
  return (value, change) => {
    if (typeof value !== 'object' || value === null) return value;
    const copy: Record<string, unknown> = { ...value };
    for (const [name, ofMember] of members) if (name in copy) copy[name] = ofMember(copy[name], change);
    return copy;
  };
}
