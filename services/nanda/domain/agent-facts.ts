import type { AgentSummary } from './agent-summary.ts';
import { flag, httpUrl, list, moment, number, object, type Shape, text, wholeNumber } from './shape.ts';

/** Names, ids, media types, language codes. */
const WORD_CHARS_MAX = 255;
/** Descriptions: a page of text. */
const PROSE_CHARS_MAX = 8_000;
/** Endpoints of one agent: a few regions. */
const ENDPOINTS_MAX = 32;
/** Skills of one agent. */
const SKILLS_MAX = 500;
/** Modes, languages, methods, policies of one place. */
const WORDS_MAX = 100;

const word = text(WORD_CHARS_MAX);
const words: Shape = list(word, { max: WORDS_MAX });

const skill: Shape = object(
  { id: word, description: text(PROSE_CHARS_MAX), inputModes: words, outputModes: words },
  { supportedLanguages: words, latencyBudgetMs: wholeNumber(0), maxTokens: wholeNumber(1) },
);

/** AgentFacts, version 1: required members and types of its JSON Schema (`https://agentfacts.org/schema/v1`). */
export const agentFacts: Shape = object(
  {
    id: word,
    agent_name: word,
    label: word,
    description: text(PROSE_CHARS_MAX),
    version: word,
    provider: object({ name: word, url: httpUrl }, { did: word }),
    endpoints: object(
      { static: list(httpUrl, { max: ENDPOINTS_MAX }) },
      { adaptive_resolver: object({}, { url: httpUrl, policies: words }) },
    ),
    capabilities: object(
      { modalities: words, authentication: object({ methods: words }, { requiredScopes: words }) },
      { streaming: flag, batch: flag },
    ),
    skills: list(skill, { min: 1, max: SKILLS_MAX }),
  },
  {
    documentationUrl: httpUrl,
    jurisdiction: word,
    evaluations: object(
      {},
      {
        performanceScore: number(-Number.MAX_SAFE_INTEGER),
        availability90d: word,
        lastAudited: moment,
        auditorID: word,
      },
    ),
    telemetry: object(
      {},
      {
        enabled: flag,
        retention: word,
        sampling: number(0, 1),
        metrics: object(
          {},
          { latency_p95_ms: number(0), throughput_rps: number(0), error_rate: number(0, 1), availability: word },
        ),
      },
    ),
    certification: object({}, { level: word, issuer: word, issuanceDate: moment, expirationDate: moment }),
  },
);

/** AgentFacts as far as they are read here; holds for a value that `agentFacts` found nothing wrong with. */
export interface AgentFacts {
  readonly label: string;
  readonly version: string;
  readonly provider: { readonly name: string; readonly url: string };
  readonly endpoints: {
    readonly static: readonly string[];
    readonly adaptive_resolver?: { readonly url?: string | null } | null;
  };
  readonly capabilities: { readonly modalities: readonly string[]; readonly streaming?: boolean | null };
  readonly skills: readonly {
    readonly id: string;
    readonly description: string;
    readonly inputModes: readonly string[];
    readonly outputModes: readonly string[];
  }[];
}

/** The common form of facts. Their skills have no name and no tags: the id stands in, and the modes are those of all skills. */
export function summariseFacts(facts: AgentFacts): AgentSummary {
  const adaptive = facts.endpoints.adaptive_resolver?.url;
  const urls = [...facts.endpoints.static, ...(adaptive ? [adaptive] : [])];
  return {
    kind: 'agent_facts',
    provider: { name: facts.provider.name, url: facts.provider.url },
    skills: facts.skills.map(({ id, description }) => ({ id, name: id, description, tags: [] })),
    endpoints: urls.map((url) => ({ url, protocol: 'HTTP', protocolVersion: null })),
    capabilities: { streaming: facts.capabilities.streaming === true, pushNotifications: false },
    inputModes: [...new Set(facts.skills.flatMap((entry) => entry.inputModes))],
    outputModes: [...new Set(facts.skills.flatMap((entry) => entry.outputModes))],
  };
}
