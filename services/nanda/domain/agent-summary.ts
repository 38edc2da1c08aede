/** Formats a spec can have, spelled alike in the database and in GraphQL. */
export const SPEC_KINDS = ['a2a_card', 'agent_facts'] as const;
export type SpecKind = (typeof SPEC_KINDS)[number];

/** One thing an agent can do. */
export interface AgentSkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** Where and how an agent is reached. */
export interface AgentEndpoint {
  readonly url: string;
  /** `JSONRPC`, `GRPC`, `HTTP+JSON` or another binding of A2A; `HTTP` where the format names none. */
  readonly protocol: string;
  readonly protocolVersion: string | null;
}

/** What both formats say of an agent, in one form. */
export interface AgentSummary {
  readonly kind: SpecKind;
  readonly provider: { readonly name: string; readonly url: string } | null;
  readonly skills: readonly AgentSkill[];
  /** The preferred one first. */
  readonly endpoints: readonly AgentEndpoint[];
  readonly capabilities: { readonly streaming: boolean; readonly pushNotifications: boolean };
  readonly inputModes: readonly string[];
  readonly outputModes: readonly string[];
}

/** Words an agent is found by: ids and tags of its skills, lower case, each once, sorted. */
export function labelsOf(summary: AgentSummary): readonly string[] {
  const words = summary.skills.flatMap((skill) => [skill.id, ...skill.tags]);
  return [...new Set(words.map((word) => word.trim().toLowerCase()))].filter((word) => word !== '').sort();
}
