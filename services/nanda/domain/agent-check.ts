import { parseSpec } from './agent-spec.ts';
import type { CheckOutcome } from './agent-status.ts';
import type { AgentSummary } from './agent-summary.ts';

/** What a check found. */
export interface CheckFinding {
  readonly outcome: CheckOutcome;
  /** One sentence for people. */
  readonly detail: string;
}

/** Well-known paths of the formats (A2A 1.0, section 8.2; RFC 8615). */
const CARD_PATHS: Readonly<Record<AgentSummary['kind'], string>> = {
  a2a_card: '/.well-known/agent-card.json',
  agent_facts: '/.well-known/agent-facts',
};

/** Where the agent publishes its own description: the well-known path at the host of its preferred endpoint; null without one. */
export function cardUrlOf(summary: AgentSummary): string | null {
  const [endpoint] = summary.endpoints;
  return endpoint === undefined ? null : new URL(CARD_PATHS[summary.kind], endpoint.url).href;
}

/**
 * Holds what the agent publishes against what is registered: format, version, endpoints and skills.
 * @param published The parsed JSON of the agent's own description.
 */
export function compareSpec(
  registered: { readonly specVersion: string; readonly summary: AgentSummary },
  published: unknown,
): CheckFinding {
  const parsed = parseSpec(published, '');
  if (!parsed.ok) {
    const [problem] = parsed.problems;
    return {
      outcome: 'invalid',
      detail: `The published description is not valid: ${problem?.pointer || '/'} ${problem?.message}.`,
    };
  }
  const drifts = [
    parsed.summary.kind === registered.summary.kind ? null : 'format',
    specVersionOf(parsed.spec) === registered.specVersion ? null : 'version',
    sameWords(endpointWords(parsed.summary), endpointWords(registered.summary)) ? null : 'endpoints',
    sameWords(skillWords(parsed.summary), skillWords(registered.summary)) ? null : 'skills',
  ].filter((drift) => drift !== null);
  return drifts.length === 0
    ? { outcome: 'healthy', detail: 'The agent publishes what is registered.' }
    : { outcome: 'drifted', detail: `The published description differs in ${drifts.join(', ')}.` };
}

/** The version that a spec of either format names. */
export const specVersionOf = (spec: unknown): string =>
  String((spec as { readonly version?: unknown } | null)?.version ?? '');

const endpointWords = (summary: AgentSummary): readonly string[] =>
  summary.endpoints.map((endpoint) => `${endpoint.protocol} ${new URL(endpoint.url).href}`);

const skillWords = (summary: AgentSummary): readonly string[] => summary.skills.map((skill) => skill.id);

const sameWords = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && [...left].sort().join('\n') === [...right].sort().join('\n');
