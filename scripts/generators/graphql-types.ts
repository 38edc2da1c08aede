import type { GeneratedFile, Generator } from '../lib/generation.ts';

/** Closes the map that the plugin leaves open: with it a forgotten resolver does not compile. */
const COMPLETE_MAP = `
/** The resolver map that this service writes. */
export type Resolvers = CompleteResolvers<AnyResolvers, ResolversParentTypes>;
`;

const COMPLETE_MAP_IMPORT = "import type { CompleteResolvers } from '@candlefish/kit/graphql';\n";

/** The resolver types of each subgraph, from its SDL and the service's `graphql-mappers.ts`. */
export const graphqlTypes: Generator = {
  name: 'graphql-types',
  outputs: ['services/*/schema.generated.ts'],
  async run(root) {
    const [{ generate }, { codegenConfig }] = await Promise.all([
      import('@graphql-codegen/cli'),
      import('../../codegen.ts'),
    ]);
    const files = (await generate({ ...codegenConfig(root), cwd: root }, false)) as readonly CodegenFile[];
    return files.map(({ filename, content }): GeneratedFile => ({ path: filename, content: complete(content) }));
  },
};

interface CodegenFile {
  readonly filename: string;
  readonly content: string;
}

const complete = (content: string): string => `${COMPLETE_MAP_IMPORT}${content.trimEnd()}\n${COMPLETE_MAP}`;
