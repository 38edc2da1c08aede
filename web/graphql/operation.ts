/** A GraphQL operation with the types of what it takes and gives. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly text: string;
  /** Carries the types; never there at run time. */
  readonly types?: { readonly data: Data; readonly variables: Variables };
}

/** An operation as the generated files write it. */
export const operation = <Data, Variables>(name: string, text: string): Operation<Data, Variables> => ({ name, text });
