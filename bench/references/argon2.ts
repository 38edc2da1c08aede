import { availableParallelism } from 'node:os';
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { answerSlices } from './closed-loop.ts';

// Verifies one password over and over: what the machine can do at these parameters when it does nothing else.

/** One for each core: more would only take turns. */
const IN_FLIGHT = availableParallelism();
const PASSWORD = 'a password of usual length';
const ARGON2ID = 2 satisfies Algorithm.Argon2id;

const stored = await hash(PASSWORD, { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 });

answerSlices(async () => {
  if (!(await verify(stored, PASSWORD))) throw new Error('the password was not recognised');
}, IN_FLIGHT);
