import { type AgentCard, agentCard, summariseCard } from './agent-card.ts';
import { type AgentFacts, agentFacts, summariseFacts } from './agent-facts.ts';
import { type AgentSummary, labelsOf } from './agent-summary.ts';
import { checkTree } from './json-tree.ts';
import { collectProblems, type Problem } from './problems.ts';
import { isObject, type JsonObject } from './shape.ts';

/** Largest spec as JSON text: a hundred skills with examples fit ten times over. */
const SPEC_BYTES_MAX = 256 * 1024;

/** A spec that is one of the formats, or what keeps it from being one. */
export type ParsedSpec =
  | {
      readonly ok: true;
      readonly spec: JsonObject;
      readonly summary: AgentSummary;
      readonly labels: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Tells the format of a spec, checks it against that format and brings it into the common form.
 * @param pointer Where the spec stands in the input; the problems' pointers begin with it.
 */
export function parseSpec(value: unknown, pointer = '/spec'): ParsedSpec {
  const problems = collectProblems();
  if (!isObject(value)) problems.add(pointer, 'must be an object');
  checkTree(value, pointer, problems);
  if (!isObject(value) || problems.list.length > 0) return { ok: false, problems: problems.list };

  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes > SPEC_BYTES_MAX) problems.add(pointer, `must have at most ${SPEC_BYTES_MAX} bytes as JSON`);
  else if (looksLikeFacts(value)) agentFacts(value, pointer, problems);
  else if (looksLikeCard(value)) agentCard(value, pointer, problems);
  else problems.add(pointer, unknownFormat(value));
  if (problems.list.length > 0) return { ok: false, problems: problems.list };

  const summary = looksLikeFacts(value)
    ? summariseFacts(value as unknown as AgentFacts)
    : summariseCard(value as unknown as AgentCard);
  return { ok: true, spec: value, summary, labels: labelsOf(summary) };
}

const looksLikeFacts = (spec: JsonObject): boolean => spec['agent_name'] !== undefined && isObject(spec['endpoints']);

const looksLikeCard = (spec: JsonObject): boolean => spec['supportedInterfaces'] !== undefined;

function unknownFormat(spec: JsonObject): string {
  return spec['url'] !== undefined && spec['protocolVersion'] !== undefined
    ? 'is an AgentCard of A2A before 1.0: name its interfaces in supportedInterfaces'
    : 'is neither an AgentCard of A2A 1.0 (supportedInterfaces) nor AgentFacts (agent_name and endpoints)';
}
