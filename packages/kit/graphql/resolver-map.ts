import type { GraphQLScalarType } from 'graphql';

/** Fields of `Map` that `Parent` holds no value for; a root type's parent holds none. */
type Missing<Map, Parent> = string extends keyof Parent ? keyof Map : Exclude<keyof Map, keyof Parent | '__isTypeOf'>;

type Complete<Map, Parent> = Map & { readonly [Field in Missing<Map, Parent>]-?: NonNullable<Map[Field]> };

type MapOf<Maps, Type extends keyof Maps> = NonNullable<Maps[Type]>;

type ParentOf<Parents, Type> = Type extends keyof Parents ? Parents[Type] : Record<never, never>;

/** Types that need an entry: some field of theirs is in no property of what is resolved. */
type NeedsEntry<Maps, Parents, Type extends keyof Maps> =
  MapOf<Maps, Type> extends GraphQLScalarType
    ? never
    : [Missing<MapOf<Maps, Type>, ParentOf<Parents, Type>>] extends [never]
      ? never
      : Type;

/**
 * The resolver map of a service as it has to be written: a resolver for each root field, each entity's reference and
 * each field that the object behind its type does not hold. Scalars come from the kit.
 * @typeParam Maps The generated map in which everything is optional.
 * @typeParam Parents The generated types of what resolvers get as their parent.
 */
export type CompleteResolvers<Maps, Parents> = {
  readonly [Type in keyof Maps as NeedsEntry<Maps, Parents, Type>]-?: Complete<
    MapOf<Maps, Type>,
    ParentOf<Parents, Type>
  >;
} & {
  readonly [Type in keyof Maps as MapOf<Maps, Type> extends GraphQLScalarType ? never : Type]?: MapOf<Maps, Type>;
};
