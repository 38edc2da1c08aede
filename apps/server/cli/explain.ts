import { ConfigError } from '@candlefish/kit/config';
import { EXIT } from './command.ts';

/** Causes shown at the most; a longer chain is a circle. */
const CAUSES_MAX = 6;

/** What a tired operator reads when a command fails: what was being done, why it failed, what to do. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  const config = causesOf(error).find((cause) => cause instanceof ConfigError);
  if (config instanceof ConfigError) {
    const lines = config.problems.map((problem) => `  - ${problem}`);
    const count = config.problems.length;
    return {
      message: [
        `candlefish: ${count === 1 ? 'a setting is' : `${count} settings are`} wrong; nothing was started`,
        ...lines,
      ].join('\n'),
      exitCode: EXIT.usage,
    };
  }
  const chain = causesOf(error).map((cause) => (cause instanceof Error ? cause.message : String(cause)));
  const [first, ...rest] = chain;
  return {
    message: [`candlefish: ${first}`, ...rest.map((line) => `  because: ${line}`)].join('\n'),
    exitCode: EXIT.failed,
  };
}

function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && chain.length < CAUSES_MAX; ) {
    chain.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain;
}
