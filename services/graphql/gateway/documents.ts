import { type AppError, isAppError } from '@candlefish/kit/errors';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { errors } from '../contract.ts';
import { costOf } from './cost.ts';
import { type IntrospectionUse, introspectionUse } from './introspection.ts';
import { checkShape, type ShapeLimits } from './shape.ts';

/** Limits of one document. */
export interface DocumentLimits extends ShapeLimits {
  readonly tokensMax: number;
  readonly charsMax: number;
}

/** One operation of a document, as far as it is the same for every request. */
export interface PreparedOperation {
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
  readonly type: 'query' | 'mutation' | 'subscription';
  /** Whether it asks for the schema. */
  readonly introspection: IntrospectionUse;
  costOf(variables: Readonly<Record<string, unknown>>): number;
}

/** A document that may be run. */
export interface PreparedDocument {
  /** The operation of that name, or the only one when no name is given. @throws AppError GRAPHQL_OPERATION_UNKNOWN */
  operation(name: string | undefined): PreparedOperation;
}

/** Why a document may not be run. */
export interface DocumentRefusal {
  readonly refused: AppError;
  /** What is wrong and where, as graphql-js says it; empty when the refusal says it all. */
  readonly reasons: readonly GraphQLError[];
}

/** Documents kept: more than a platform's clients have, and each is a few kilobytes. */
const DOCUMENTS_MAX = 1_000;
/** Text of all documents kept, in characters; a parsed document takes some thirty times its text. */
const CHARS_KEPT_MAX = 500_000;
/** Validation stops at this many findings: a person mends them in turn. */
const FINDINGS_MAX = 10;

/** Parses, measures and validates each text once. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #limits: DocumentLimits;
  readonly #kept = new LRUCache<string, PreparedDocument | DocumentRefusal>({
    max: DOCUMENTS_MAX,
    maxSize: CHARS_KEPT_MAX,
    sizeCalculation: (_document, text) => text.length + 1,
  });

  constructor(schema: GraphQLSchema, limits: DocumentLimits) {
    this.#schema = schema;
    this.#limits = limits;
  }

  /** The document of a text, or why it may not be run. */
  prepare(text: string): PreparedDocument | DocumentRefusal {
    const known = this.#kept.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text);
    this.#kept.set(text, made);
    return made;
  }

  #make(text: string): PreparedDocument | DocumentRefusal {
    const { charsMax, tokensMax } = this.#limits;
    try {
      if (text.length > charsMax) {
        throw errors.limitExceeded({ detail: `The document has more than ${charsMax} characters.` });
      }
      // Without places a document is a third as large; they are found again when something is wrong.
      const document = parse(text, { maxTokens: tokensMax, noLocation: true });
      checkShape(document, this.#limits);
      if (validate(this.#schema, document, undefined, { maxErrors: 1 }).length > 0) {
        return { refused: errors.documentInvalid(), reasons: this.#findings(text) };
      }
      return new Prepared(this.#schema, document);
    } catch (error) {
      if (isAppError(error)) return { refused: error, reasons: [] };
      if (error instanceof RangeError) {
        return { refused: errors.limitExceeded({ detail: 'The document is nested too deeply.' }), reasons: [] };
      }
      if (error instanceof GraphQLError) return refusalOfSyntax(error, tokensMax);
      throw error;
    }
  }

  #findings(text: string): readonly GraphQLError[] {
    return validate(this.#schema, parse(text), undefined, { maxErrors: FINDINGS_MAX }).map(slim);
  }
}

/** An error with its place but without the document, which would be kept with it. */
const slim = ({ message, source, positions }: GraphQLError): GraphQLError =>
  new GraphQLError(message, {
    ...(source === undefined ? {} : { source }),
    ...(positions === undefined ? {} : { positions }),
  });

/** The parser reports too many tokens as a syntax error; it is a limit like the others. */
function refusalOfSyntax(error: GraphQLError, tokensMax: number): DocumentRefusal {
  if (error.message.includes(`contains more than ${tokensMax} tokens`)) {
    return {
      refused: errors.limitExceeded({ detail: `The document has more than ${tokensMax} tokens.` }),
      reasons: [],
    };
  }
  return { refused: errors.parseFailed(), reasons: [slim(error)] };
}

class Prepared implements PreparedDocument {
  readonly #operations: ReadonlyMap<string, PreparedOperation>;

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    const nodes = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
    this.#operations = new Map(
      nodes.map((node) => [
        node.name?.value ?? '',
        {
          document,
          node,
          type: node.operation,
          introspection: introspectionUse(document, node),
          costOf: costOf(schema, document, node),
        },
      ]),
    );
  }

  operation(name: string | undefined): PreparedOperation {
    const found = name === undefined ? this.#only() : this.#operations.get(name);
    if (found !== undefined) return found;
    const detail =
      name === undefined ? 'Say which operation to run.' : `There is no operation ${JSON.stringify(name)}.`;
    throw errors.operationUnknown({ detail });
  }

  #only(): PreparedOperation | undefined {
    return this.#operations.size === 1 ? this.#operations.values().next().value : undefined;
  }
}
