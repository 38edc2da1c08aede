import type { AgentSummary } from './agent-summary.ts';
import { anyObject, flag, httpUrl, list, object, type Shape, text } from './shape.ts';

/** Names, ids, media types. */
const WORD_CHARS_MAX = 255;
/** Descriptions: a page of text. */
const PROSE_CHARS_MAX = 8_000;
/** Interfaces of one agent: a few bindings, a few regions. */
const INTERFACES_MAX = 32;
/** Skills of one agent. */
const SKILLS_MAX = 500;
/** Tags, modes and examples of one skill. */
const WORDS_MAX = 100;

const words: Shape = list(text(WORD_CHARS_MAX), { max: WORDS_MAX });
const modes: Shape = list(text(WORD_CHARS_MAX), { min: 1, max: WORDS_MAX });

const skill: Shape = object(
  { id: text(WORD_CHARS_MAX), name: text(WORD_CHARS_MAX), description: text(PROSE_CHARS_MAX), tags: words },
  { examples: list(text(PROSE_CHARS_MAX), { max: WORDS_MAX }), inputModes: words, outputModes: words },
);

/**
 * The members of an AgentCard of A2A 1.0 that its protocol buffer marks as required, and the optional ones that are read
 * here (https://a2a-protocol.org, specification/a2a.proto, message AgentCard).
 */
export const agentCard: Shape = object(
  {
    name: text(WORD_CHARS_MAX),
    description: text(PROSE_CHARS_MAX),
    version: text(WORD_CHARS_MAX),
    supportedInterfaces: list(
      object(
        { url: httpUrl, protocolBinding: text(WORD_CHARS_MAX), protocolVersion: text(WORD_CHARS_MAX) },
        { tenant: text(WORD_CHARS_MAX) },
      ),
      { min: 1, max: INTERFACES_MAX },
    ),
    capabilities: object(
      {},
      {
        streaming: flag,
        pushNotifications: flag,
        extendedAgentCard: flag,
        extensions: list(anyObject, { max: WORDS_MAX }),
      },
    ),
    defaultInputModes: modes,
    defaultOutputModes: modes,
    skills: list(skill, { min: 1, max: SKILLS_MAX }),
  },
  {
    provider: object({ organization: text(WORD_CHARS_MAX), url: httpUrl }),
    documentationUrl: httpUrl,
    iconUrl: httpUrl,
    securitySchemes: anyObject,
    securityRequirements: list(anyObject, { max: WORDS_MAX }),
    signatures: list(object({ protected: text(PROSE_CHARS_MAX), signature: text(PROSE_CHARS_MAX) }), {
      max: WORDS_MAX,
    }),
  },
);

/** An AgentCard as far as it is read here; holds for a value that `agentCard` found nothing wrong with. */
export interface AgentCard {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly supportedInterfaces: readonly {
    readonly url: string;
    readonly protocolBinding: string;
    readonly protocolVersion: string;
  }[];
  readonly capabilities: { readonly streaming?: boolean | null; readonly pushNotifications?: boolean | null };
  readonly defaultInputModes: readonly string[];
  readonly defaultOutputModes: readonly string[];
  readonly skills: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly tags: readonly string[];
  }[];
  readonly provider?: { readonly organization: string; readonly url: string } | null;
}

/** The common form of a card. */
export const summariseCard = (card: AgentCard): AgentSummary => ({
  kind: 'a2a_card',
  provider: card.provider ? { name: card.provider.organization, url: card.provider.url } : null,
  skills: card.skills.map(({ id, name, description, tags }) => ({ id, name, description, tags })),
  endpoints: card.supportedInterfaces.map((entry) => ({
    url: entry.url,
    protocol: entry.protocolBinding,
    protocolVersion: entry.protocolVersion,
  })),
  capabilities: {
    streaming: card.capabilities.streaming === true,
    pushNotifications: card.capabilities.pushNotifications === true,
  },
  inputModes: card.defaultInputModes,
  outputModes: card.defaultOutputModes,
});
